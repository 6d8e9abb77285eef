import Basics
import Engine
import HTTP
import Storage

/// What a workspace has done and what its plan allows.
struct Api2ConvertReports: Sendable {
  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(.get, "/v2/stats/{span}/{date}/{filter}", .read, needing: Api2Convert.needs, stats),
      DialectRoute(.get, "/v2/contracts", .read, needing: Api2Convert.needs, contracts),
    ]
  }

  /// Counted by the hour: of a day, and of a month or a year by days.
  @Sendable private func stats(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let span = request.parameters["span"] ?? ""
    let date = request.parameters["date"] ?? ""
    let filter = request.parameters["filter"] ?? ""
    let forms = ["day": 10, "month": 7, "year": 4]
    var wrong = WrongFields()
    if !["single", "all"].contains(filter) { wrong.append("filter", "\"\(filter)\" is not known; valid: single, all") }
    let start = forms[span] == date.utf8.count ? Api2ConvertReports.moment(date) : nil
    if start == nil {
      wrong.append(
        forms[span] == nil ? "stats" : span,
        "\"\(date)\" must be like 2026-01-31 for a day, 2026-01 for a month or 2026 for a year")
    }
    guard wrong.isEmpty, let start else { throw Refusal.invalidFields.naming(wrong) }
    let rows = try await parts.jobs.blocking.run { [store = parts.jobs.store, workspace = holder.workspace.id] in
      try store.read { database in
        span == "day"
          ? try Activity.hours(workspace, since: start, in: database)
          : try Activity.days(workspace, since: start, in: database)
      }
    }
    let shown = rows.filter { "\($0.start)".hasPrefix(date) }
    let sums = shown.reduce(into: (Int64(0), Int64(0), Int64(0))) {
      $0 = ($0.0 + $1.submitted, $0.1 + $1.completed, $0.2 + $1.failed)
    }
    return .api2convert(
      .ok,
      .object(
        [(span, .string(date)), ("filter", .string(filter))]
          + Api2ConvertReports.figures(sums.0, sums.1, sums.2) + [
            (
              "details",
              .array(
                shown.map { row in
                  .object(
                    [("date", .string(String("\(row.start)".prefix(span == "day" ? 19 : 10))))]
                      + Api2ConvertReports.figures(row.submitted, row.completed, row.failed))
                })
            )
          ]))
  }

  private static func figures(
    _ jobs: Int64, _ completed: Int64, _ failed: Int64
  ) -> [(name: String, value: JSONValue)] {
    [("jobs", .integer(jobs)), ("completed", .integer(completed)), ("failed", .integer(failed))]
  }

  /// When a day, a month or a year begins; nil for what is none.
  private static func moment(_ text: String) -> Timestamp? {
    let numbers = text.split(separator: "-").map { Int64($0) ?? 0 }
    guard let year = numbers.first, (1970...9999).contains(year), numbers.count <= 3, numbers.allSatisfy({ $0 > 0 })
    else { return nil }
    let (month, day) = (numbers.count > 1 ? numbers[1] : 1, numbers.count > 2 ? numbers[2] : 1)
    let moment = Timestamp(milliseconds: Moment.days(year, month, day) * 86_400_000)
    // One that does not exist is another day.
    return "\(moment)".hasPrefix(text) ? moment : nil
  }

  /// The plan as the only contract, in jobs of a month where it counts them.
  @Sendable private func contracts(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let report = try await parts.jobs.reports.usage(holder.workspace)
    let used = report.workspace.jobs
    let limit = holder.plan.jobsPerMonth
    let left = limit.map { JSONValue.integer(max(0, $0 - used)) } ?? .null
    return .api2convert(
      .ok,
      .object([
        (
          "contracts",
          .array([
            .object([
              ("contract_type", .string(holder.plan.name)), ("contract_creation_date", .null),
              ("credits_bought", limit.map { .integer($0) } ?? .null), ("credits_used", .integer(used)),
              ("credits_remaining", left),
            ])
          ])
        ), ("credits_remaining", left),
      ]))
  }
}
