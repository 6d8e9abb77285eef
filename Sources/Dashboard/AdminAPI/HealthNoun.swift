import Basics
import Engine
import HTTP
import Storage

/// How the whole appliance does, in the admin API: what the health page shows.
struct HealthNoun {
  /// How many of the newest attempts at webhooks the figures are made of.
  private static let attempts = 1000

  let parts: AdminParts

  var rows: [AdminRoute] {
    [AdminRoute(.get, "/health", .operator_, show)]
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let now = parts.clock.now()
    let facts = try await parts.facts()
    let health = try await parts.blocking.run { [parts] in try parts.store.health() }
    let (queue, attempts, waiting, hours) = try await parts.read { database in
      (
        (
          try Queue.countWaiting(in: database), try Queue.countRunning(in: database),
          try Switches.isOn(.queueIsPaused, in: database)
        ),
        try Deliveries.newestAttempts(limit: HealthNoun.attempts, in: database),
        try Deliveries.countWaiting(in: database),
        try HealthNoun.hours(since: now - .seconds(47 * 3600), database)
      )
    }
    return .document(
      "health",
      .object([
        ("now", .string("\(now)")), ("server", facts),
        (
          "queue",
          .object([
            ("waiting", .integer(Int64(queue.0))), ("running", .integer(Int64(queue.1))),
            ("is_paused", .boolean(queue.2)),
          ])
        ),
        ("webhooks", describe(attempts, waiting: waiting, at: now)), ("store", HealthNoun.describe(health)),
        ("hours", .array(hours.map(Figures.describe))),
        ("standbys", StandbyNoun.describe(parts.followers.all, at: now)),
      ]))
  }

  /// The hours of all workspaces together, the oldest first.
  private static func hours(since moment: Timestamp, _ database: Database) throws -> [Activity.Figures] {
    var sums: [Int64: Activity.Figures] = [:]
    for workspace in try Workspaces.all(in: database) {
      for hour in try Activity.hours(workspace.id, since: moment, in: database) {
        sums[hour.start.milliseconds] = sums[hour.start.milliseconds].map { $0 + hour } ?? hour
      }
    }
    return sums.values.sorted { $0.start < $1.start }
  }

  private func describe(
    _ attempts: [(at: Timestamp, milliseconds: Int64, isGood: Bool)], waiting: Int64, at now: Timestamp
  ) -> JSONValue {
    let times = attempts.map(\.milliseconds).sorted()
    func percentile(_ part: Int) -> JSONValue {
      times.isEmpty ? .null : .integer(times[min(times.count - 1, times.count * part / 100)])
    }
    return .object([
      ("waiting", .integer(waiting)), ("attempts", .integer(Int64(attempts.count))),
      ("failed", .integer(Int64(attempts.filter { !$0.isGood }.count))), ("p50_ms", percentile(50)),
      ("p95_ms", percentile(95)),
      ("rests", .array(parts.webhooks.rests.all(at: now).map { HealthNoun.describe($0.scope, $0.rest) })),
      (
        "newest",
        .array(
          attempts.prefix(100).map {
            .object([
              ("at", .string("\($0.at)")), ("milliseconds", .integer($0.milliseconds)),
              ("is_good", .boolean($0.isGood)),
            ])
          })
      ),
    ])
  }

  private static func describe(_ scope: DeliveryRests.Scope, _ rest: DeliveryRests.Rest) -> JSONValue {
    let what =
      switch scope {
      case .host(let origin): origin
      case .workspace(_, let origin): "\(origin), for one workspace"
      case .address(let address): address.path.hasSuffix(":") ? address.host : address.path
      }
    return .object([
      ("what", .string(what)), ("until", .string("\(rest.until)")), ("because", .string(rest.reason)),
    ])
  }

  private static func describe(_ health: Health) -> JSONValue {
    .object([
      ("sqlite", .string(health.library)), ("schema", .integer(health.schemaVersion)),
      ("database_bytes", .integer(health.databaseBytes)), ("unused_bytes", .integer(health.unusedBytes)),
      ("log_bytes", .integer(health.logBytes)), ("ballast_bytes", .integer(health.ballastBytes)),
      ("free_bytes", .integer(health.freeBytes)), ("total_bytes", .integer(health.totalBytes)),
      ("shortage", health.shortage.map { .string("\($0)") } ?? .null),
      ("failure", health.failure.map { .string("\($0)") } ?? .null),
      ("is_being_checked", .boolean(health.isBeingChecked)),
    ])
  }
}
