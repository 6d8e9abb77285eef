import Basics
import Formats
import Conversion
import Storage
import TestSupport
import XCTest

@testable import Engine

/// The figures of a workspace under everything that may happen to its jobs, in any order.
final class UsageTests: XCTestCase {
  private final class Keeper: SpoolKeeper { func handOver() {} }

  /// A workspace, its submitters, and what a test itself has counted.
  private final class Yard {
    let directory: TemporaryDirectory
    let store: Store
    let lifecycle: Lifecycle
    let clock = FixedClock()
    let workspace: Int64
    let submitters: [Submitter]
    var random: SeededEntropy
    var submitted = [Usage.Origin.api: Usage.Month(), .pages: Usage.Month()]
    var running: [TakenJob] = []

    init(seed: UInt64) throws {
      directory = try TemporaryDirectory()
      store = try Store(path: directory.path)
      lifecycle = Lifecycle(store: store, clock: clock.clock, bootID: "boot")
      random = SeededEntropy(seed: seed)
      let clock = clock
      (workspace, submitters) = try store.writeBlocking { database in
        let id = try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: clock.now, in: database)
        try database.run("UPDATE workspaces SET state = 'approved'")
        _ = try Keys.insert(
          NewKeyRow(
            workspaceID: id, hash: Array(repeating: 7, count: 32), hint: "h", name: "n", webhookSecret: "s",
            createdAt: clock.now), in: database)
        guard let holder = try Keys.holder(hash: Array(repeating: 7, count: 32), in: database) else {
          throw Refusal.unknownWorkspace
        }
        return (id, [Submitter(holder), Submitter(memberOf: holder.workspace, on: holder.plan)])
      }
    }

    func pick(_ count: Int) -> Int {
      let bytes = random.entropy.bytes(2)
      return (Int(bytes[0]) << 8 | Int(bytes[1])) % count
    }

    func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[pick(values.count)] }

    func jobs(_ statuses: Set<JobStatus>) throws -> [Job] {
      try store.read { try Jobs.list(self.workspace, status: nil, before: .max, limit: 1000, in: $0) }
        .filter { statuses.contains($0.status) }
    }

    func submit() throws {
      let submitter = submitters[pick(2)]
      let count = 1 + pick(3)
      let isBatch = pick(2) == 0
      let isFetched = pick(3) == 0
      var submission = Submission(
        dialect: "wonder", fields: [], route: "jobs", conversionType: nil, from: "png", to: isBatch ? "jpg" : "zip",
        sources: (0..<count).map { number in
          isFetched
            ? .address("http://127.0.0.1/\(number)", name: nil)
            : .file(.init(path: "", name: "a.png", size: 100, contentType: nil, keeper: Keeper()))
        }, mostBytes: 1000)
      if isBatch { submission.batch = .init(mode: pick(2) == 0 ? .zip : .individual) }
      let wish = Wish(
        from: .png, to: isBatch ? .jpeg : .zip, target: isBatch ? "jpg" : "zip", options: ConversionOptions(),
        conversionType: "image")
      let recording = Recording(
        submission: submission, wishes: [wish], submitter: submitter, blobs: (0..<count).map { "in\($0)" }, hashes: [],
        fingerprint: nil, formats: [Format?](repeating: .png, count: count), found: nil, announcing: nil,
        lock: DownloadLock(store: store, clock: clock.clock), lanes: LaneFinder(catalogue: .standard), now: clock.now)
      let parts = try recording.parts()
      _ = try store.writeBlocking { try recording.write(parts, $0) }
      submitted[submitter.origin, default: .init()] =
        submitted[submitter.origin, default: .init()]
        + .init(
          jobs: Int64(isBatch ? count : 1), files: isFetched ? 0 : Int64(count),
          bytes: isFetched ? 0 : Int64(100 * count)
        )
    }

    func fetch() throws {
      guard let pickup = try lifecycle.claimDownload(after: 0, most: 100) else { return }
      if pick(4) == 0 {
        return try lifecycle.failDownload(pickup, .init(ConversionFailure(.internalError, "no")))
      }
      let origin = try store.read { try Jobs.load(id: pickup.jobID, in: $0)?.keyID } == nil ? Usage.Origin.pages : .api
      guard try lifecycle.finishDownload(pickup, blob: "got", size: 50, sha256: [], .png) == .stored else { return }
      submitted[origin, default: .init()] = submitted[origin, default: .init()] + .init(files: 1, bytes: 50)
    }

    func end() throws {
      guard !running.isEmpty else { return }
      let taken = running.remove(at: pick(running.count))
      let origin: Usage.Origin = taken.job.keyID == nil ? .pages : .api
      let failure = ConversionFailure(.internalError, "no")
      var isOver = false
      switch pick(6) {
      case 0: try lifecycle.giveBack(taken.claim, taken.job)
      case 1: try lifecycle.delay(taken.claim, taken.job, by: .seconds(1))
      case 2:
        isOver = try isHeld(taken)
        try lifecycle.fail(
          taken.claim, taken.job, pick(2) == 0 ? failure : .init(.damagedFile, "bad"), run: .seconds(2))
      case 3: try lifecycle.countFault(taken.claim, taken.job, failure, run: .zero)
      default:
        let output = NewOutput(
          inputID: nil, fileName: "o", mediaType: "x", size: 70, sha256: Array(repeating: 1, count: 32), width: nil,
          height: nil)
        isOver = try lifecycle.complete(
          taken.claim, taken.job, outputs: [output], blobs: ["out"], run: .seconds(2))
      }
      let isArchive = try store.read { try Batches.packed(by: taken.job.id, in: $0) != nil }
      if isOver && !isArchive {
        submitted[origin, default: .init()] = submitted[origin, default: .init()] + .init(milliseconds: 2000)
      }
    }

    private func isHeld(_ taken: TakenJob) throws -> Bool {
      try store.read { try Queue.holds(taken.claim, in: $0) }
    }

    func step() async throws {
      clock.advance(by: .seconds(1))
      switch pick(12) {
      case 0, 1: try submit()
      case 2, 3: try fetch()
      case 4, 5, 6: if let taken = try lifecycle.claim(after: 0) { running.append(taken) }
      case 7, 8: try end()
      case 9:
        guard let job = try pick(jobs(Set(JobStatus.allCases))) else { return }
        if try await !lifecycle.cancel(workspace, row: job.id) || pick(3) == 0 {
          try await lifecycle.delete(workspace, row: job.id)
        }
      case 10:
        guard let job = try pick(jobs([.failed, .canceled])) else { return }
        do { try await lifecycle.retry(row: job.id) } catch is Refusal {}
      default:
        let batches = try store.read { try Batches.list(self.workspace, before: .max, limit: 100, in: $0) }
        guard pick(4) == 0, let batch = pick(batches) else { return }
        if try await !lifecycle.cancel(workspace, batch: batch.id) {
          try await lifecycle.delete(workspace, batch: batch.id)
        }
      }
    }
  }

  private func check(_ yard: Yard, _ moment: String) throws {
    try yard.store.read { database in
      func counter(_ name: String) throws -> Int64 { try Usage.counter(yard.workspace, name, in: database) }
      let states = try JobStatus.allCases.map { try ($0, counter("jobs.\($0.rawValue)")) }
      for (status, count) in states { XCTAssertGreaterThanOrEqual(count, 0, "\(status) \(moment)") }
      XCTAssertEqual(states.reduce(0) { $0 + $1.1 }, try counter("jobs.submitted"), "\(states) \(moment)")
      for status in JobStatus.allCases where !status.isFinal {
        let rows = try Jobs.list(yard.workspace, status: status, before: .max, limit: 1000, in: database)
        XCTAssertEqual(Int64(rows.count), try counter("jobs.\(status.rawValue)"), "\(status) \(moment)")
      }
      for origin in [Usage.Origin.api, .pages] {
        let month = try Usage.month(
          yard.workspace, period: Usage.period(yard.clock.now), origin: origin, in: database)
        XCTAssertEqual(month, yard.submitted[origin], "\(origin) \(moment)")
      }
      let stored = try database.first(
        """
        SELECT (SELECT coalesce(sum(size), 0) FROM inputs WHERE blob IS NOT NULL)
          + (SELECT coalesce(sum(size), 0) FROM outputs)
        """, row: { $0.integer(0) })
      XCTAssertEqual(stored, try counter(Usage.storedBytes), moment)
      let hours = try Activity.hours(yard.workspace, since: .init(milliseconds: 0), in: database)
      let activity = hours.dropFirst().reduce(hours.first) { $0.map { [next = $1] in $0 + next } }
      if let activity { XCTAssertLessThanOrEqual(activity.completed + activity.failed, activity.submitted, moment) }
    }
  }

  func testFigures_UnderAnyOrderOfSteps_AreThoseOfTheCustomersJobs() async throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let yard = try Yard(seed: seed)
      for number in 0..<400 {
        try await yard.step()
        try check(yard, "seed \(seed), step \(number)")
      }
      let submitted = try yard.store.read { try Usage.counter(yard.workspace, "jobs.submitted", in: $0) }
      XCTAssertGreaterThan(submitted, 50)
      yard.store.close()
    }
  }
}
