import Basics
import Dialects
import Engine
import HTTP
import Storage

/// A dialect whose clients cannot be told anything, and that takes an address all the same.
struct Silent: Dialect {
  static let name = "silent"
  static let style: WebhookStyle? = nil

  let parts: DialectParts

  var routes: [DialectRoute] { [DialectRoute(.post, "/silent", .submit, needing: [], take)] }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    Response(
      Status(refusal: refusal.status), contentType: "text/plain",
      Array(refusal.fields.map { "\(name(of: $0.subject, for: request)) \($0.problem)" }.joined().utf8))
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    if case .webhook = subject { "the address" } else { "something" }
  }

  private func take(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: 1 << 20)
    let file = try SpoolFile.write(bytes, fieldName: "body", fileName: "body.png", in: parts.spool)
    var submission = Submission(
      dialect: Silent.name, fields: [], route: "silent", conversionType: nil, from: nil, to: "jpg",
      sources: [.file(.init(path: file.path, name: file.fileName, size: file.size, contentType: nil, keeper: file))],
      mostBytes: 1 << 20)
    submission.webhookURL = "http://127.0.0.1/"
    _ = try await parts.jobs.intake.submit(submission, by: holder)
    return .text(.accepted, "")
  }
}
