import Basics
import Engine
import HTTP
import Storage

/// Requests for access to the API, from the form on the front page or from anywhere else.
struct WonderAccess: Sendable {
  private static let largest = 64 << 10
  private static let members = ["email", "company", "use_case", "expected_volume"]
  /// A field that people do not see and programs fill in.
  private static let trap = "website"

  let parts: DialectParts

  var routes: [DialectRoute] {
    [DialectRoute(open: .post, "/api/v1/access-requests", bodyLimit: Int64(WonderAccess.largest), apply)]
  }

  @Sendable private func apply(_ request: Request) async throws -> Response {
    // Before the body is read: what is wrong in it must not cost us more than the limit allows.
    try parts.approvals.admit(from: "\(request.client)")
    let bytes = try await request.body.collect(atMost: WonderAccess.largest)
    let fields = try await ClientDocument.read(bytes, on: parts.jobs.blocking, WonderAccess.read)
    if !(fields[WonderAccess.trap] ?? "").isEmpty { return .json(.accepted, WonderAccess.document(nil)) }
    let application = Approvals.Application(
      email: fields["email"] ?? "", company: fields["company"] ?? "", useCase: fields["use_case"] ?? "",
      volume: fields["expected_volume"] ?? "")
    let (_, approval) = try await parts.approvals.apply(application, from: "\(request.client)")
    return .json(approval == nil ? .accepted : .created, WonderAccess.document(approval))
  }

  /// A JSON object of texts; anything else in it is refused by name.
  @Sendable private static func read(_ members: ClientDocument.Members) throws -> [String: String] {
    var fields: [String: String] = [:]
    var wrong = WrongFields()
    for (name, value) in members {
      if !WonderAccess.members.contains(name) && name != trap {
        wrong.append(name, "is not known; valid: \(WonderAccess.members.joined(separator: ", "))")
      } else if let text = value.string {
        fields[name] = text
      } else {
        wrong.append(name, "must be a text")
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return fields
  }

  /// Says the same to everybody, with the key for those who are let in at once.
  private static func document(_ approval: Approvals.Approval?) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", approval == nil ? 202 : 201)
      document.member(
        "message",
        approval == nil
          ? "Thank you. An operator reviews the request and answers by e-mail."
          : "Welcome. Keep this key: it is shown only now.")
      if let approval {
        document.member("workspace", object: { $0.member("slug", approval.workspace.slug) })
        document.member("api_key", approval.key)
      }
    }
    return writer.bytes
  }
}
