import Basics
package import Storage

/// Lists and figures of a workspace, read on threads that may block.
package struct Reports: Sendable {
  /// Which jobs a list shows: those below row `before`, the newest first.
  package struct Query: Sendable {
    package var status: JobStatus?
    package var limit = 50
    package var before = Int64.max

    package init() {}
  }

  package struct Page: Sendable {
    package let jobs: [(requestID: String, job: Job)]
    /// Where the next page begins, or nil on the last one.
    package let next: String?
  }

  package struct Usage: Sendable {
    package let period: String
    package let workspace: Storage.Usage.Month
    package let api: Storage.Usage.Month
    /// The jobs submitted so far, and how many are in each state.
    package let lifecycle: [(name: String, count: Int64)]
    /// Bytes of all files that the workspace has now.
    package let storedBytes: Int64
    /// The months that were asked for and have anything in them.
    package var months: [Month] = []

    package struct Month: Sendable {
      package let period: String
      package var workspace: Storage.Usage.Month
      package var api: Storage.Usage.Month
    }
  }

  private static let states = ["submitted", "pending", "processing", "completed", "failed", "canceled"]

  private let store: Store
  private let blocking: Blocking
  private let clock: Clock

  init(store: Store, blocking: Blocking, clock: Clock) {
    self.store = store
    self.blocking = blocking
    self.clock = clock
  }

  /// One page of the workspace's jobs; one row more than asked for tells whether there is another.
  package func jobs(_ workspace: Workspace, _ query: Query) async throws -> Page {
    let rows = try await blocking.run { [store] in
      try store.read {
        try Jobs.list(workspace.id, status: query.status, before: query.before, limit: query.limit + 1, in: $0)
      }
    }
    let shown = rows.prefix(query.limit).map { (store.identifiers.text(.request, $0.id), $0) }
    return Page(jobs: shown, next: rows.count > query.limit ? shown.last?.0 : nil)
  }

  /// This month's figures and the lifecycle counts.
  package func usage(_ workspace: Workspace, months span: ClosedRange<String>? = nil) async throws -> Usage {
    let period = Storage.Usage.period(clock.now())
    return try await blocking.run { [store] in
      try store.read { database in
        let api = try Storage.Usage.month(workspace.id, period: period, origin: .api, in: database)
        let pages = try Storage.Usage.month(workspace.id, period: period, origin: .pages, in: database)
        let lifecycle = try Reports.states.map { name in
          // Whoever waits for files waits; clients know no word for it.
          let others = name == JobStatus.pending.rawValue ? [JobStatus.downloading.rawValue] : []
          let count = try ([name] + others).reduce(0) {
            try $0 + Storage.Usage.counter(workspace.id, "jobs.\($1)", in: database)
          }
          return (name, count)
        }
        let stored = try Storage.Usage.counter(workspace.id, Storage.Usage.storedBytes, in: database)
        var usage = Usage(period: period, workspace: api + pages, api: api, lifecycle: lifecycle, storedBytes: stored)
        if let span {
          let rows = try Storage.Usage.months(workspace.id, from: span.lowerBound, to: span.upperBound, in: database)
          for (period, origin, figures) in rows {
            if usage.months.last?.period != period {
              usage.months.append(.init(period: period, workspace: .init(), api: .init()))
            }
            let index = usage.months.count - 1
            usage.months[index].workspace = usage.months[index].workspace + figures
            if origin == .api { usage.months[index].api = figures }
          }
        }
        return usage
      }
    }
  }
}
