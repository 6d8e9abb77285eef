import Outbox
package import Storage

extension DeliveryStyle {
  package static let enconvert = DeliveryStyle(rawValue: "enconvert")
}

extension WebhookStyle {
  /// Enconvert: "must respond within 30 seconds", "HTTP 200, 201, 202, or 204", "No retries on failure"; unsigned.
  package static let enconvert = WebhookStyle(
    title: "Enconvert",
    policy: DeliveryPolicy(
      style: .enconvert, userAgent: "Enconvert-Webhooks/1.0", timeLimits: (.seconds(30), .seconds(30)), delays: [],
      successes: .list([200, 201, 202, 204]), hasStandardFields: false)
  ) { _, _ in [] }
}
