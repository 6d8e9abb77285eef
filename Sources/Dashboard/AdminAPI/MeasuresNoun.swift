import Basics
import Engine
import HTTP
import Storage

/// What the plots show: how long jobs wait and run, why they fail, how deliveries go, and how full the disk is.
struct MeasuresNoun {
  /// How many of the newest jobs and attempts the figures are made of.
  private static let newest = 5000

  /// A time that is looked at, and the parts that it has in a plot.
  private enum Period: String, CaseIterable {
    case day, week, month

    var parts: Int { self == .day ? 24 : self == .week ? 28 : 30 }
    var part: Duration { .seconds(self == .day ? 3600 : self == .week ? 6 * 3600 : 86_400) }
  }

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/measures", .operator_, all),
      AdminRoute(.get, "/workspaces/{slug}/measures", .workspaceMember, one),
    ]
  }

  @Sendable private func one(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.parameters["slug"] ?? ""
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0) }
    try visitor.mustSee(workspace.id)
    return .document(
      "measures",
      .object(try await measures(workspace.id, MeasuresNoun.period(request), isWhole: visitor.isOperator)))
  }

  /// The same of all workspaces, and beside it each of them and the disk.
  @Sendable private func all(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let period = try MeasuresNoun.period(request)
    let since = parts.clock.now() - DiskSamples.span
    let (samples, stored) = try await parts.read { database in
      (
        try DiskSamples.all(since: since, in: database),
        try Workspaces.all(in: database).map {
          ($0.slug, $0.name, $0.id, try Usage.counter($0.id, Usage.storedBytes, in: database))
        }
      )
    }
    let ofEach = Dictionary(grouping: try await entries(nil, period).ended, by: \.workspace)
    let ended = Dictionary(uniqueKeysWithValues: try await ended(period).map { ($0.workspace, $0) })
    let own: [(name: String, value: JSONValue)] = [
      (
        "workspaces",
        .array(
          stored.map { slug, name, id, bytes in
            .object(
              [("slug", .string(slug)), ("stored_bytes", .integer(bytes))]
                + MeasuresNoun.figures(name, ofEach[id] ?? [], of: (ended[id]?.jobs ?? 0, ended[id]?.failed ?? 0)))
          })
      ),
      (
        "disk",
        .object([
          ("full_at", DiskSamples.end(of: samples).map { .string("\($0)") } ?? .null),
          (
            "samples",
            .array(
              samples.map {
                .object([
                  ("at", .string("\($0.at)")), ("free_bytes", .integer($0.free)), ("total_bytes", .integer($0.total)),
                ])
              })
          ),
        ])
      ),
    ]
    return .document("measures", .object(try await measures(nil, period, isWhole: true) + own))
  }

  private static func period(_ request: Request) throws -> Period {
    guard let text = request.queryValue("period") else { return .day }
    guard let period = Period(rawValue: text) else {
      let names = Period.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("period", "\"\(text)\" is no period; valid: \(names)")])
    }
    return period
  }

  /// Where the first part of a period began.
  private func start(_ period: Period) -> Timestamp {
    let part = period.part.milliseconds
    let last = parts.clock.now().milliseconds / part
    return Timestamp(milliseconds: (last - Int64(period.parts) + 1) * part)
  }

  /// Those of the newest jobs that ended in a period, and whether older ones may have done so, too.
  private func entries(_ workspace: Int64?, _ period: Period) async throws -> (
    ended: [JobTimes.Entry], isPart: Bool
  ) {
    let start = start(period)
    let newest = try await parts.read { try JobTimes.newest(workspace, limit: MeasuresNoun.newest, in: $0) }
    let ended = newest.compactMap { $0 }.filter { $0.endedAt >= start }
    return (ended, newest.count == MeasuresNoun.newest && newest.last??.endedAt ?? start >= start)
  }

  /// How many jobs of each workspace ended in a period, those that are too old for the other figures too.
  private func ended(_ period: Period) async throws -> [(workspace: Int64, jobs: Int64, failed: Int64)] {
    let start = start(period)
    return try await parts.read { try Activity.ended(since: start, in: $0) }
  }

  /// Customers are told how often nothing was reached, and not in what time, which `isWhole` tells.
  private func measures(
    _ workspace: Int64?, _ period: Period, isWhole: Bool
  ) async throws -> [(name: String, value: JSONValue)] {
    let start = start(period)
    let (entries, isPart) = try await entries(workspace, period)
    let attempts = try await parts.read { database in
      try Deliveries.attempts(workspace, limit: MeasuresNoun.newest, in: database).filter { $0.at >= start }
    }
    let hosts = Dictionary(grouping: attempts, by: \.host)
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .map { host, attempts -> JSONValue in
        let timed = attempts.filter { isWhole || MeasuresNoun.isTimed($0.error, style: $0.style) }
        let times = timed.map(\.milliseconds).sorted()
        return .object([
          ("name", .string(host)), ("attempts", .integer(Int64(attempts.count))),
          ("failed", .integer(Int64(attempts.count { $0.error != nil }))),
          ("p50_ms", MeasuresNoun.part(50, of: times)), ("p95_ms", MeasuresNoun.part(95, of: times)),
        ])
      }
    let formats = parts.conversions.jobs.formats
    var ways: [String: (lane: String, makers: String)] = [:]
    func way(_ entry: JobTimes.Entry) -> (lane: String, makers: String) {
      let pair = "\(entry.source) \(entry.target)"
      let way = ways[pair] ?? formats.way(from: entry.source, to: entry.target)
      ways[pair] = way
      return way
    }
    let part = period.part.milliseconds
    let byPart = Dictionary(grouping: entries) { ($0.endedAt.milliseconds - start.milliseconds) / part }
    return [
      ("now", .string("\(parts.clock.now())")), ("period", .string(period.rawValue)),
      ("part_ms", .integer(part)), ("jobs", .integer(Int64(entries.count))),
      ("of_newest", .integer(Int64(MeasuresNoun.newest))), ("is_part", .boolean(isPart)),
      (
        "parts",
        .array(
          (0..<Int64(period.parts)).map {
            .object(
              MeasuresNoun.figures("\(Timestamp(milliseconds: start.milliseconds + $0 * part))", byPart[$0] ?? []))
          })
      ),
      ("lanes", MeasuresNoun.list(Dictionary(grouping: entries) { way($0).lane })),
      ("engines", MeasuresNoun.list(Dictionary(grouping: entries) { way($0).makers })),
      (
        "errors",
        MeasuresNoun.list(Dictionary(grouping: entries.filter { $0.status == .failed }) { $0.errorCode ?? "unknown" })
      ),
      ("hosts", .array(hosts)),
    ]
  }

  /// False for the outcome of an attempt whose time would tell a customer of the network inside.
  private static func isTimed(_ error: String?, style: String) -> Bool {
    error.map { !Unreached.hides($0, style: style) } ?? true
  }

  /// Groups by their names, the largest first.
  private static func list(_ groups: [String: [JobTimes.Entry]]) -> JSONValue {
    .array(
      groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { .object(figures($0.key, $0.value)) })
  }

  /// How many jobs there were and how long they took; `all` is how many where `entries` are not all of them.
  private static func figures(
    _ name: String, _ entries: [JobTimes.Entry], of all: (jobs: Int64, failed: Int64)? = nil
  ) -> [(name: String, value: JSONValue)] {
    let waits = entries.compactMap { $0.waited?.milliseconds }.sorted()
    let runs = entries.filter { $0.waited != nil }.map(\.run.milliseconds).sorted()
    return [
      ("name", .string(name)), ("jobs", .integer(all?.jobs ?? Int64(entries.count))),
      ("failed", .integer(all?.failed ?? Int64(entries.count { $0.status == .failed }))),
      ("wait_p50_ms", part(50, of: waits)), ("wait_p95_ms", part(95, of: waits)),
      ("run_p50_ms", part(50, of: runs)), ("run_p95_ms", part(95, of: runs)),
    ]
  }

  /// The value that so many of a hundred do not exceed; null for none.
  private static func part(_ percent: Int, of sorted: [Int64]) -> JSONValue {
    sorted.isEmpty ? .null : .integer(sorted[min(sorted.count - 1, sorted.count * percent / 100)])
  }
}
