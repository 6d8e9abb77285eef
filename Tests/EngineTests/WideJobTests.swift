import Basics
import Storage
import XCTest

@testable import Engine

/// Which jobs two threads may work on: a large file while nothing else waits or runs.
final class WideJobTests: XCTestCase {
  private typealias Bench = QueueTests.Bench
  private static let large = Queue.smallBytes

  func testClaim_OfALargeFileAlone_IsWide() throws {
    let bench = try Bench()
    _ = try bench.add(bytes: Self.large)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, true)
  }

  func testClaim_OfASmallFile_IsNotWide() throws {
    let bench = try Bench()
    _ = try bench.add(bytes: Self.large - 1)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, false)
  }

  func testClaim_WhileAnotherWaits_IsNotWide() throws {
    let bench = try Bench(workspaces: 2)
    _ = try bench.add(0, bytes: Self.large)
    _ = try bench.add(1, bytes: Self.large)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, false)
  }

  func testClaim_WhileAnotherRuns_IsNotWide() throws {
    let bench = try Bench()
    _ = try bench.add()
    let first = try XCTUnwrap(try bench.claim())
    _ = try bench.add(bytes: Self.large)
    let second = try XCTUnwrap(try bench.lifecycle.claim(after: 0))
    XCTAssertFalse(second.isWide)
    // Once the first has ended, another attempt has the machine for itself.
    _ = try bench.lifecycle.complete(first.claim, first.job, outputs: [], blobs: [], run: .zero)
    try bench.lifecycle.giveBack(second.claim, second.job)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, true)
  }

  func testClaim_AfterTheEndOfTheLastJob_IsWide() throws {
    let bench = try Bench()
    _ = try bench.add()
    let (claim, job) = try XCTUnwrap(try bench.claim())
    _ = try bench.add(bytes: Self.large)
    XCTAssertTrue(try bench.lifecycle.complete(claim, job, outputs: [], blobs: [], run: .zero))
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, true)
  }

  func testClaim_WhileAnotherIsDelayed_IsWide() throws {
    let bench = try Bench()
    _ = try bench.add()
    let (claim, job) = try XCTUnwrap(try bench.claim())
    try bench.lifecycle.delay(claim, job, by: .seconds(60))
    _ = try bench.add(bytes: Self.large)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, true)
  }

  func testClaim_OfSeveralFiles_IsNotWideAndAnOverlayCountsForNone() throws {
    for (role, isWide) in [(Input.Role.source, false), (.overlay, true)] {
      let bench = try Bench()
      let id = try bench.add(bytes: Self.large)[0]
      try bench.store.writeBlocking { database in
        let more = NewInput(fileName: "b.png", role: role, .file(blob: "00b", size: Self.large, sha256: nil))
        _ = try Inputs.insert(more, job: id, position: 1, in: database)
      }
      XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.isWide, isWide)
    }
  }
}
