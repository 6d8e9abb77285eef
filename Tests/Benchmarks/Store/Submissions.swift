import Basics
import Glibc
import Storage
import Synchronization

/// Clients that each submit one job after the other, every one durable before the next.
struct Submissions: Sendable {
  let path: String
  let workspace: Int64
  let key: Int64

  init(directory: String) throws {
    path = directory
    let store = try Store(path: directory)
    defer { store.close() }
    (workspace, key) = try store.writeBlocking { database in
      let now = Clock.system.now()
      if let found = try Workspaces.find(slug: "bench", in: database) { return (found.id, 1) }
      let id = try Workspaces.insert(slug: "bench", name: "bench", plan: "enterprise", at: now, in: database)
      let row = NewKeyRow(
        workspaceID: id, hash: SHA256.digest("bench".utf8), hint: "", name: "", webhookSecret: "x", createdAt: now)
      let key = try Keys.insert(row, in: database)
      return (id, key)
    }
  }

  /// What the intake writes for one job with one file.
  @Sendable func record(_ database: Database) throws -> Int64 {
    let now = Clock.system.now()
    let job = try Jobs.insert(
      NewJob(
        workspaceID: workspace, keyID: key, dialect: "wonder", conversionType: "image", sourceFormat: "png",
        targetFormat: "jpg", createdAt: now), in: database)
    try Inputs.insert(
      NewInput(fileName: "photo.png", .file(blob: "00abcdefghijklmnopqrstuvwx", size: 80_000, sha256: nil)), job: job,
      position: 0, in: database)
    try Queue.insert(workspace, job: job, at: now, in: database)
    try Events.insert(workspace, job: job, .submitted, at: now, in: database)
    try Usage.move(workspace, from: nil, to: .pending, in: database)
    try Usage.add(workspace, origin: .api, jobs: 1, files: 1, bytes: 80_000, at: now, in: database)
    return job
  }

  /// `isGrouped` false gives every submission a transaction of its own, behind a lock.
  func run(clients: Int, seconds: Int64, isGrouped: Bool, on open: Store? = nil) async throws
    -> Figures
  {
    let end = Clock.readMonotonic() + seconds * 1_000_000_000
    let times: [Int64]
    if isGrouped {
      let store = try open ?? Store(path: path)
      times = await measure(clients, until: end) { _ = try await store.write(record) }
      if open == nil { store.close() }
    } else {
      let lock = DataLock(try Database(path: path + "/wonder.db", mode: .writing))
      times = measureThreads(clients, until: end) { try lock.submit(record) }
    }
    return Figures(times: times, seconds: Double(seconds))
  }

  private func measure(_ clients: Int, until end: Int64, _ body: @escaping @Sendable () async throws -> Void) async
    -> [Int64]
  {
    await withTaskGroup(of: [Int64].self) { group in
      for _ in 0..<clients {
        group.addTask {
          var times: [Int64] = []
          while true {
            let start = Clock.readMonotonic()
            guard start < end, (try? await body()) != nil else { return times }
            times.append(Clock.readMonotonic() - start)
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func measureThreads(_ clients: Int, until end: Int64, _ body: @escaping @Sendable () throws -> Void)
    -> [Int64]
  {
    let all = Mutex<[Int64]>([])
    let threads = (0..<clients).map { number in
      ServiceThread("client-\(number)") {
        var times: [Int64] = []
        while true {
          let start = Clock.readMonotonic()
          guard start < end, (try? body()) != nil else { break }
          times.append(Clock.readMonotonic() - start)
        }
        all.withLock { $0 += times }
      }
    }
    for thread in threads { thread.join() }
    return all.withLock { $0 }
  }
}

/// The one connection of the comparison, a transaction for each caller.
final class DataLock: Sendable {
  private let database: Mutex<Database>

  init(_ database: Database) {
    self.database = Mutex(database)
  }

  func submit(_ record: (Database) throws -> Int64) throws {
    try database.withLock { database in
      try database.script("PRAGMA wal_autocheckpoint = 1000")
      _ = try database.transaction { try record(database) }
    }
  }
}
