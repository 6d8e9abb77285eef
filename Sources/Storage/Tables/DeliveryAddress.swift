/// Where webhooks of one workspace go together: a URL without its query, and in api2convert's style the whole host.
package struct DeliveryAddress: Hashable, Sendable {
  /// Host and port.
  package let host: String
  /// Nil for mail to people about their access.
  package let workspaceID: Int64?
  /// The URL without its query; of api2convert's style the scheme alone, since that API rests by host.
  package let path: String

  package init(host: String, workspaceID: Int64?, path: String) {
    self.host = host
    self.workspaceID = workspaceID
    self.path = path
  }

  /// What a connection is made to: the same host and port in another scheme is another matter.
  package var origin: String {
    (path.prefix(6).lowercased() == "https:" ? "https://" : "http://") + host
  }
}
