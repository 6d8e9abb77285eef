import Dialects
import Storage

@testable import Outbox

extension DeliveryStyle {
  /// Every style that is sent.
  static var allCases: [DeliveryStyle] { AllStyles.all.map(\.name) + [.mail] }
}

extension DeliveryPolicies {
  static var all: DeliveryPolicies { DeliveryPolicies(AllStyles.all.map(\.policy) + [.mail]) }
}

extension DeliveryPolicy {
  static func of(_ style: DeliveryStyle) -> DeliveryPolicy {
    guard let policy = DeliveryPolicies.all[style] else { preconditionFailure("no style \(style)") }
    return policy
  }
}
