import Engine
import HTTP
import Storage

/// Lets the holder of a key in, and puts on every answer what the client should know: its rate, and CORS for a page.
struct Admitting: Sendable {
  let access: Access
  /// Finds the key of a request where a dialect's clients put it.
  let key: @Sendable (Request) -> String?
  /// Writes what is left of a rate in the words of a dialect.
  let tell: @Sendable (Allowance, inout Response) -> Void

  /// Runs a row's handler for the holder of the request's key; throws a `Refusal` that carries what is left of the rate.
  nonisolated(nonsending) func answer(
    _ request: Request, _ need: DialectRoute.KeyNeed, _ handler: DialectRoute.KeyHandler
  ) async throws -> Response {
    let origin = request.headers[.origin]
    let admission = try access.admit(
      Access.Credential(key: key(request), origin: origin), for: need.permission,
      needing: need.features,
      allowsPublicKeys: need.allowsPublicKeys)
    request.vouch()
    do {
      var response = try await handler(admission.holder, request)
      if let allowance = admission.allowance { tell(allowance, &response) }
      if let origin = admission.origin { CrossOrigin.allow(origin, in: &response) }
      return response
    } catch let refusal as Refusal {
      throw refusal.leaving(admission.allowance).readable(from: admission.origin)
    }
  }
}
