import Basics
import Formats
import Conversion
import Storage
import TestSupport
import XCTest

@testable import Engine

/// What a job has to know and nobody may see is there for its run and gone with its end, whichever end that is.
final class SecretsTests: XCTestCase {
  private struct Parts {
    let directory: TemporaryDirectory
    let store: Store
    let lifecycle: Lifecycle
    let workspace: Int64
  }

  private static let secret = JobSecret(name: "password", value: "hush")

  private func makeParts() throws -> Parts {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    let id = try store.writeBlocking {
      try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: .init(milliseconds: 0), in: $0)
    }
    addTeardownBlock { withExtendedLifetime(directory) { store.close() } }
    let lifecycle = Lifecycle(store: store, clock: FixedClock().clock, bootID: "b")
    return Parts(directory: directory, store: store, lifecycle: lifecycle, workspace: id)
  }

  private func addJob(_ parts: Parts, _ secrets: [JobSecret] = [secret]) throws -> Int64 {
    try parts.store.writeBlocking { database in
      let now = Timestamp(milliseconds: 0)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: parts.workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png",
          targetFormat: "jpg", createdAt: now), in: database)
      try Inputs.insert(
        NewInput(fileName: "a", .file(blob: "00a", size: 1, sha256: nil)), job: job, position: 0, in: database)
      try Secrets.insert(secrets, job: job, in: database)
      try Queue.insert(parts.workspace, job: job, at: now, in: database)
      try Usage.move(parts.workspace, from: nil, to: .pending, in: database)
      return job
    }
  }

  private func count(_ parts: Parts) throws -> Int64? {
    try parts.store.read { try $0.first("SELECT count(*) FROM secrets", row: { $0.integer(0) }) }
  }

  func testTheRun_HasThem_HoweverOftenItBegins() throws {
    let parts = try makeParts()
    _ = try addJob(parts)
    for _ in 0..<3 {
      let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
      XCTAssertEqual(taken.secrets, [Self.secret])
      try parts.lifecycle.giveBack(taken.claim, taken.job)
    }
    XCTAssertEqual(try count(parts), 1)
  }

  func testAJobWithoutAny_HasNone() throws {
    let parts = try makeParts()
    _ = try addJob(parts, [])
    XCTAssertEqual(try XCTUnwrap(parts.lifecycle.claim(after: 0)).secrets, [])
  }

  func testEveryEnd_ErasesThem() async throws {
    let parts = try makeParts()
    let failure = ConversionFailure(.damagedFile, "bad")
    let ends: [(Int64) async throws -> Void] = [
      { _ in
        let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
        _ = try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero)
      },
      { _ in
        let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
        try parts.lifecycle.fail(taken.claim, taken.job, failure, run: .zero)
      },
      { _ in
        for _ in 0..<Lifecycle.mostWorkerDeaths {
          let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
          try parts.lifecycle.countWorkerDeath(taken.claim, taken.job, failure, run: .zero)
        }
      },
      { job in _ = try await parts.lifecycle.cancel(parts.workspace, row: job) },
      { job in try await parts.lifecycle.delete(parts.workspace, row: job) },
    ]
    for (number, end) in ends.enumerated() {
      let job = try addJob(parts)
      XCTAssertEqual(try count(parts), 1)
      try await end(job)
      XCTAssertEqual(try count(parts), 0, "end \(number)")
    }
  }

  func testAJobWhoseSecretsAreGone_IsNotTriedAgain() async throws {
    let parts = try makeParts()
    for (secrets, isRetried) in [([Self.secret], false), ([], true)] {
      let job = try addJob(parts, secrets)
      let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
      try parts.lifecycle.fail(taken.claim, taken.job, .init(.timeLimit, "slow"), run: .zero)
      do {
        try await parts.lifecycle.retry(row: job)
        XCTAssertTrue(isRetried)
      } catch let refusal as Refusal {
        XCTAssertEqual(refusal, .notRetryable)
        XCTAssertFalse(isRetried)
      }
    }
  }

  func testAnOption_FollowsItsTask_AndGoesWithIt() {
    let option = JobSecret(option: "user_password", of: 10, "hush")
    XCTAssertEqual(option.moved([10: 1]), JobSecret(option: "user_password", of: 1, "hush"))
    XCTAssertNil(option.moved([1: 10]))
    XCTAssertEqual(Self.secret.moved([:]), Self.secret)
  }

  func testPrintingOne_ShowsItsNameOnly() {
    var dumped = ""
    dump([Self.secret], to: &dumped)
    for text in ["\(Self.secret)", "\([Self.secret])", String(reflecting: Self.secret), dumped] {
      XCTAssertFalse(text.contains("hush"), text)
    }
  }
}
