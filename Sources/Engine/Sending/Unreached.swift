import Outbound
import Storage

/// What customers are told of a call that reached no server.
///
/// The words are the same whether the name was not found, the address is none that this server calls, the port is closed or
/// nothing answers: more would draw them a map of the network inside.
package enum Unreached {
  package static let words = "could not connect"
  /// The mail server is the operator's, and so is what is wrong with it.
  package static let mailWords = "the mail server could not be used"

  /// True for what a server that was reached has no part in.
  static func includes(_ failure: OutboundFailure) -> Bool {
    switch failure.kind {
    case .dns, .addressNotAllowed, .connect: true
    default: failure.lacksConnection
    }
  }

  /// The recorded error of a delivery as its customer sees it.
  package static func shown(_ error: String, style: String) -> String {
    if style == DeliveryStyle.mail.rawValue { return mailErrors.contains(error) ? mailWords : error }
    return errors.contains(error) ? words : error
  }

  /// True when the error, and so the time it took, tells a customer nothing.
  package static func hides(_ error: String, style: String) -> Bool {
    shown(error, style: style) != error || error == words
  }

  private static let errors: Set<String> = Set(
    OutboundFailure.Kind.allCases.map { OutboundFailure($0) }.filter(includes).map(\.description) + [
      OutboundFailure.noConnection
    ])

  private static let mailErrors: Set<String> = Set(
    OutboundFailure.Kind.allCases.filter { $0 != .invalidAddress }.map(\.rawValue) + [OutboundFailure.noConnection])
}
