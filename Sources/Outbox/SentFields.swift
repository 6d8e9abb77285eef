package import Basics
package import Storage

/// The header fields of an attempt that was made, worked out again from its moment, for those who look for a mistake.
package struct SentFields: Sendable {
  /// How long after a rotation deliveries are signed with both secrets.
  private static let overlap = Duration.seconds(86_400)

  private let policies: DeliveryPolicies

  package init(_ policies: DeliveryPolicies) {
    self.policies = policies
  }

  /// The fields in their order, none for mail and for a style that nobody knows; what was signed with a secret that is there no more has no signature.
  @Sendable package func of(_ delivery: SentDelivery, at moment: Timestamp) -> [(name: String, value: String)] {
    guard delivery.style != .mail, let policy = policies[delivery.style] else { return [] }
    let letter = Letter(
      eventID: delivery.eventID, event: delivery.event, requestID: delivery.requestID, body: delivery.body,
      secrets: SentFields.secrets(delivery, at: moment))
    return policy.fields(letter, at: moment)
  }

  private static func secrets(_ delivery: SentDelivery, at moment: Timestamp) -> [String] {
    guard let secret = delivery.ownSecret ?? delivery.endpointSecret else { return [] }
    guard delivery.ownSecret == nil, let end = delivery.previousUntil else { return [secret] }
    if moment < end - overlap { return [] }
    return [secret, moment < end ? delivery.previousSecret : nil].compactMap { $0 }
  }
}
