import Basics
import Glibc
import Storage

/// What each hot query costs in the table as it is; compare the lines of two directories from one run.
enum Growth {
  static func run(_ path: String) async throws {
    let opening = Clock.readMonotonic()
    var store = try Store(path: path)
    print("start: \(Double(Clock.readMonotonic() - opening) / 1e6) ms")
    store.close()
    let submissions = try Submissions(directory: path)
    store = try Store(path: path)
    defer { store.close() }
    while try store.health().isBeingChecked { usleep(100_000) }
    print("checked after: \(Double(Clock.readMonotonic() - opening) / 1e6) ms")
    for _ in 1...3 {
      let cpu = time(CLOCK_PROCESS_CPUTIME_ID)
      let figures = try await submissions.run(clients: 64, seconds: 3, isGrouped: true, on: store)
      figures.print("submit, 64 clients")
      print("  \(Double(time(CLOCK_PROCESS_CPUTIME_ID) - cpu) / Double(figures.times.count) / 1000) us of CPU each")
    }
    let workspace = submissions.workspace
    let (newest, hash) = try store.read { database in
      (try Jobs.listAll(before: .max, limit: 1, in: database).first?.id ?? 0, SHA256.digest("bench".utf8))
    }
    try time("poll of a recent job", 100_000, store) { database, index in
      _ = try Keys.holder(hash: hash, in: database)
      let id = newest - Int64(index % 1000)
      _ = try Jobs.find(workspace, id: id, in: database)
      _ = try Outputs.all(job: id, in: database)
    }
    try time("poll of any job", 100_000, store) { database, _ in
      _ = try Keys.holder(hash: hash, in: database)
      let id = Int64.random(in: 1...newest)
      _ = try Jobs.load(id: id, in: database)
      _ = try Outputs.all(job: id, in: database)
    }
    try time("usage", 20_000, store) { database, _ in
      for status in JobStatus.allCases { _ = try Usage.counter(workspace, "jobs.\(status.rawValue)", in: database) }
      _ = try Usage.month(workspace, period: "2026-08", origin: .api, in: database)
    }
    let before = try page(1000, of: workspace, store)
    try time("page 1,000 of a list", 2000, store) { database, _ in
      _ = try Jobs.list(workspace, status: nil, before: before, limit: 50, in: database)
    }
    try time("first page of failed jobs", 2000, store) { database, _ in
      _ = try Jobs.list(workspace, status: .failed, before: .max, limit: 50, in: database)
    }
    try claims(store)
    let health = try store.health()
    let jobs = try store.read { try $0.first("SELECT max(id) FROM jobs", row: { $0.integer(0) }) ?? 0 }
    print("size: \(health.databaseBytes / max(jobs, 1)) bytes a job, \(health.databaseBytes >> 20) MiB")
  }

  /// The row below which the thousandth page of 50 begins, or the last full one of a short list.
  private static func page(_ number: Int, of workspace: Int64, _ store: Store) throws -> Int64 {
    try store.read { database in
      var before = Int64.max
      for _ in 1..<number {
        let jobs = try Jobs.list(workspace, status: nil, before: before, limit: 51, in: database)
        guard jobs.count == 51 else { return before }
        before = jobs[49].id
      }
      return before
    }
  }

  /// Claims and their way back, a hundred in a transaction, so that the disk's sync is not what is measured.
  private static func claims(_ store: Store) throws {
    let start = cpu()
    for _ in 0..<50 {
      try store.writeBlocking { database in
        for _ in 0..<100 {
          guard let next = try Queue.nextWaiting(after: 0, at: Clock.system.now(), in: database),
            let claim = try Queue.claim(job: next.job, bootID: "bench", in: database)
          else { return }
          _ = try Queue.giveBack(claim, in: database)
        }
      }
    }
    print("claim and give back: \(Double(cpu() - start) / 5000 / 1000) us of CPU")
  }

  private static func time(
    _ name: String, _ count: Int, _ store: Store, _ body: (Database, Int) throws -> Void
  ) throws {
    try store.read { database in for index in 0..<count / 10 { try body(database, index) } }
    let start = cpu()
    try store.read { database in for index in 0..<count { try body(database, index) } }
    print("\(name): \(Double(cpu() - start) / Double(count) / 1000) us of CPU")
  }

  private static func cpu() -> Int64 { time(CLOCK_THREAD_CPUTIME_ID) }

  private static func time(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
