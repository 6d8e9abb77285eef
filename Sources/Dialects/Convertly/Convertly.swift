import Basics
import Engine
import HTTP

/// Convertly's API, as its page on webhooks (seeds/convertly.txt), its documentation and its libraries have it: files that
/// are converted while the client waits or as jobs, media tools, a store of files, workflows and currencies.
///
/// Each part is a folder's file of its own with its rows; this one puts them together and words what is refused.
struct Convertly: Dialect {
  static let name = "convertly"
  static let keyPrefix: KeyPrefix? = KeyPrefix("cvly_", title: "Convertly")
  static let style: WebhookStyle? = .convertly
  /// "link life 5 min".
  static let linkRules: LinkRules? = LinkRules(life: .seconds(300))
  static let tellsMonth = true

  /// The vendor's PHP library gives up after two minutes.
  static let usualPatience = Duration.seconds(110)

  let parts: DialectParts
  /// How long a client is kept waiting for a result.
  var patience = usualPatience

  var routes: [DialectRoute] {
    let answers = ConvertlyAnswers(parts: parts, patience: patience)
    return ConvertlyConversions(parts: parts, answers: answers).routes
      + ConvertlyJobs(parts: parts, answers: answers).routes + ConvertlyMedia(parts: parts, answers: answers).routes
      + ConvertlySignedTransforms(parts: parts, answers: answers).routes
      + ConvertlyFileTools(parts: parts, answers: answers).routes
      + ConvertlyFiles(parts: parts).routes + ConvertlyFolders(parts: parts).routes
      + ConvertlyUploads(parts: parts).routes + ConvertlyTransfers(parts: parts).routes
      + ConvertlyDeliveries(parts: parts).routes + ConvertlyCurrency(parts: parts).routes
      + ConvertlyWorkflows(parts: parts, answers: answers).routes + ConvertlyAbsences.routes
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    ConvertlyRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    ConvertlyRefusals.name(of: subject, for: request)
  }

  func tell(_ allowance: Allowance, in response: inout Response) { ConvertlyRefusals.tell(allowance, in: &response) }
}
