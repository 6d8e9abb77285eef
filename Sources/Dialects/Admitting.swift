import Engine
import HTTP
import Storage

/// Lets the holder of a key in, and puts on every answer what the client should know: its rate, and CORS for a page.
struct Admitting: Sendable {
  let access: Access
  /// What a plan must have for the routes of this dialect.
  let feature: Feature

  /// Runs the row's handler for the holder of the request's key; throws a `Refusal` that carries what is left of the rate.
  nonisolated(nonsending) func answer(
    _ request: Request, for row: KeyRoute
  ) async throws -> Response {
    let origin = request.headers[.origin]
    let admission = try access.admit(
      Access.Credential(key: Credentials.key(of: request), origin: origin), for: row.permission, needing: feature,
      allowsPublicKeys: row.allowsPublicKeys)
    request.vouch()
    do {
      var response = try await row.handler(admission.holder, request)
      admission.allowance?.tell(in: &response)
      if let origin = admission.origin { CrossOrigin.allow(origin, in: &response) }
      return response
    } catch let refusal as Refusal {
      throw refusal.leaving(admission.allowance).readable(from: admission.origin)
    }
  }
}
