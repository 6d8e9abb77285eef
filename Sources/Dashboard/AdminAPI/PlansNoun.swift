import Basics
import Engine
import HTTP
import Storage

/// Plans and their limits in the admin API.
struct PlansNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/plans", .member, list),
      AdminRoute(.patch, "/plans/{plan}", .operator_, change),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let plans = try await parts.read { try Plans.all(in: $0) }
    return .document("plans", .array(plans.map(PlansNoun.describe)))
  }

  @Sendable private func change(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let plan = try await parts.plans.set(
      plan: request.parameters["plan"] ?? "", try fields.texts(), by: visitor.actor)
    return .document("plan", PlansNoun.describe(plan))
  }

  static func describe(_ plan: Plan) -> JSONValue {
    func limit(_ value: Int64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
    return .object([
      ("name", .string(plan.name)), ("allows_async", .boolean(plan.allowsAsync)),
      ("allows_batches", .boolean(plan.allowsBatches)), ("allows_mail", .boolean(plan.allowsMail)),
      ("allows_webhooks", .boolean(plan.allowsWebhooks)), ("allows_jobs_api", .boolean(plan.allowsJobsAPI)),
      ("reads_per_minute", limit(plan.readsPerMinute)), ("writes_per_minute", limit(plan.writesPerMinute)),
      ("jobs_per_month", limit(plan.jobsPerMonth)), ("max_upload", limit(plan.maxUpload)),
      ("max_stored", limit(plan.maxStored)), ("concurrent_jobs", limit(plan.concurrentJobs)),
      ("waiting_jobs", limit(plan.waitingJobs)), ("files_per_minute", limit(plan.filesPerMinute)),
      ("submissions_per_day", limit(plan.submissionsPerDay)),
    ])
  }
}
