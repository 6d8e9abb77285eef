/// Who changes something, for the audit log.
package struct Actor: Sendable, Equatable {
  /// A user's address, or `system:UID` for somebody on the socket.
  package let name: String
  /// Where the request came from.
  package let address: String

  package init(name: String, address: String) {
    self.name = name
    self.address = address
  }
}
