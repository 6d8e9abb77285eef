/// The name of how a message is worded, signed and retried, as rows hold it; whoever words and sends them knows which
/// there are, and refuses any other.
package struct DeliveryStyle: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Standard Webhooks, which an endpoint has that names no style.
  package static let standard = DeliveryStyle(rawValue: "standard")
  /// What goes out over SMTP, and is no webhook.
  package static let mail = DeliveryStyle(rawValue: "mail")
}
