import Engine
import HTTP

/// Mail in the admin API.
struct MailNoun {
  let parts: AdminParts

  var rows: [AdminRoute] { [AdminRoute(.post, "/mail/test", .operator_, test)] }

  /// Sends a mail to `to` and answers with what its first attempt brought.
  @Sendable private func test(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let delivery = try await parts.mailing.test(
      to: fields.requiredText("to"), store: parts.store, clock: parts.clock, by: visitor.actor)
    return try await DeliveriesNoun(parts: parts).firstAttempt(at: delivery, for: visitor)
  }
}
