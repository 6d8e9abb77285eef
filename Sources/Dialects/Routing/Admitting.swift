import Engine
import HTTP
import Storage

/// Lets the holder of a key in, or a visitor where a row is open to them, and puts on every answer what the client should know: its rate, and CORS for a page.
struct Admitting: Sendable {
  let access: Access
  let dialect: String
  /// True when the operator lets visitors use this dialect.
  let takesVisitors: Bool
  /// Finds the key of a request where a dialect's clients put it.
  let key: @Sendable (Request) -> String?
  /// Finds the token of the job that a request is about.
  let jobCredential: @Sendable (Request) -> Access.JobCredential?
  /// True when that includes a month's jobs.
  let tellsMonth: Bool
  /// Writes what is left of a rate in the words of a dialect.
  let tell: @Sendable (Allowance, inout Response) -> Void

  /// Runs a row's handler for whoever may call it; throws a `Refusal` that carries what is left of the rate.
  func answer(
    _ request: Request, _ need: DialectRoute.KeyNeed, _ handler: DialectRoute.KeyHandler
  ) async throws -> Response {
    let admission = try admit(request, need)
    if admission.holder.visitor == nil { request.vouch() }
    do {
      var response = try await handler(admission.holder, request)
      if let allowance = allowance(admission) { tell(allowance, &response) }
      if let origin = admission.origin { CrossOrigin.allow(origin, in: &response) }
      return response
    } catch let refusal as Refusal {
      throw refusal.leaving(allowance(admission)).readable(from: admission.origin)
    }
  }

  private func allowance(_ admission: Access.Admission) -> Allowance? {
    tellsMonth ? (try? access.allowance(withMonth: admission)) ?? admission.allowance : admission.allowance
  }

  /// A request that shows a key, or tries to, is never a visitor's.
  private func admit(_ request: Request, _ need: DialectRoute.KeyNeed) throws -> Access.Admission {
    let key = key(request)
    if takesVisitors, let rates = need.visitors, key == nil, request.headers[.authorization] == nil {
      return try access.admit(
        visitorFrom: "\(request.client)", of: dialect, for: need.permission, at: rates)
    }
    if need.takesJobToken, key == nil, let credential = jobCredential(request) {
      return try access.admit(credential, for: need.permission, needing: need.features)
    }
    return try access.admit(
      Access.Credential(key: key, origin: request.headers[.origin]), for: need.permission, needing: need.features,
      allowsPublicKeys: need.allowsPublicKeys)
  }
}
