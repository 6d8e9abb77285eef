import Basics
import Engine
import HTTP
import Storage

/// The second step of signing in, in the admin API: each for oneself.
struct SecondFactorNoun {
  private static let path = "/second-factor"

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, SecondFactorNoun.path, .member, show),
      AdminRoute(.post, SecondFactorNoun.path, .member, begin),
      AdminRoute(.delete, SecondFactorNoun.path, .member, end),
      AdminRoute(.post, SecondFactorNoun.path + "/confirm", .member, confirm),
      AdminRoute(.post, SecondFactorNoun.path + "/recovery-codes", .member, renew),
    ]
  }

  /// Somebody on the socket has no account.
  private func member(_ visitor: Visitor) throws -> Member {
    guard let member = visitor.member else { throw Refusal.unknownUser }
    return member
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let state = try parts.accounts.secondFactor(of: member(visitor))
    return .document(
      "second_factor",
      .object([
        ("since", state.since.map { .string("\($0)") } ?? .null), ("codes_left", .integer(state.codesLeft)),
      ]))
  }

  /// Gives what the app is to be told, as text and as the address that apps read ("Key URI Format").
  @Sendable private func begin(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let member = try member(visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    let secret = try await parts.accounts.beginSecondFactor(
      member, password: fields.requiredText("password"), from: visitor.actor.address)
    let label = PercentEncoding.segment("wonder:\(member.user.email)")
    return .document(
      "second_factor",
      .object([
        ("secret", .string(secret)),
        ("uri", .string("otpauth://totp/\(label)?secret=\(secret)&issuer=wonder&algorithm=SHA1&digits=6&period=30")),
      ]), status: .created
    ).with(.cacheControl, "no-store")
  }

  @Sendable private func confirm(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let member = try member(visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    return SecondFactorNoun.codes(
      try await parts.accounts.confirmSecondFactor(
        member, code: fields.requiredText("code"), token: Doorkeeper.token(of: request) ?? "", by: visitor.actor))
  }

  @Sendable private func renew(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let member = try member(visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    return SecondFactorNoun.codes(
      try await parts.accounts.renewRecoveryCodes(member, code: fields.requiredText("code"), by: visitor.actor))
  }

  @Sendable private func end(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let member = try member(visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    try await parts.accounts.endSecondFactor(member, code: fields.requiredText("code"), by: visitor.actor)
    return .document("second_factor", .string("off"))
  }

  private static func codes(_ codes: [String]) -> Response {
    Response.document("second_factor", .object([("recovery_codes", .array(codes.map(JSONValue.string)))]))
      .with(.cacheControl, "no-store")
  }
}
