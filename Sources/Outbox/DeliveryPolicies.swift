package import Storage

/// The policies that a courier was handed, by the name that stands in the rows.
package struct DeliveryPolicies: Sendable {
  private let byStyle: [DeliveryStyle: DeliveryPolicy]

  /// Of two with one name the first counts.
  package init(_ policies: [DeliveryPolicy]) {
    byStyle = Dictionary(policies.map { ($0.style, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Nil for a style that nobody here knows.
  package subscript(style: DeliveryStyle) -> DeliveryPolicy? { byStyle[style] }

  /// Why a message of such a style is not sent.
  static func problem(of style: DeliveryStyle) -> String { "this server has no style \"\(style.rawValue)\"" }
}
