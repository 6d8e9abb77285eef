import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Requests that have read of a file in parts before another one had its turn.
final class ArrivalsTests: XCTestCase {
  private final class Bench: Sendable {
    let directory: TemporaryDirectory
    let store: Store
    let blocking = Blocking(mostThreads: 2)
    let files: FileStore
    let workspace: Workspace

    init() throws {
      directory = try TemporaryDirectory()
      let store = try Store(path: directory.path)
      let clock = FixedClock()
      self.store = store
      workspace = try store.writeBlocking { database in
        _ = try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: clock.now, in: database)
        guard let workspace = try Workspaces.find(slug: "w", in: database) else { throw Refusal.unknownWorkspace }
        return workspace
      }
      files = FileStore(
        store: store,
        links: Links(store: store, clock: clock.clock, lifetime: .seconds(3600), retention: .seconds(7200)),
        announcing: nil, blocking: blocking, clock: clock.clock, room: Room(store: store))
    }

    deinit {
      blocking.close()
      store.close()
    }

    func begin(_ size: Int64) async throws -> Arrival {
      try await files.begin("a.txt", mediaType: nil, size: size, in: nil, of: workspace, most: nil)
    }

    /// Sends a part as one request; the turn is free again when this returns.
    func send(_ text: String, at offset: Int64, of arrival: Arrival) async throws -> Int64 {
      let part = try files.part(of: arrival, at: offset)
      try part.write(Array(text.utf8))
      return try await files.record(part)
    }

    func bytes(of arrival: Arrival) throws -> String {
      String(
        decoding: try FileBytes.read(store.blobs.path(XCTUnwrap(arrival.blob)), atMost: 100), as: UTF8.self)
    }
  }

  func testPart_WhereAnotherOneHasComeMeanwhile_CutsNothing() async throws {
    let bench = try Bench()
    let known = try await bench.begin(10)
    let received = try await bench.send("0123", at: 0, of: known)
    XCTAssertEqual(received, 4)
    XCTAssertThrowsError(try bench.files.part(of: known, at: 0)) {
      XCTAssertEqual($0 as? Refusal, .uploadIsElsewhere(4))
    }
    XCTAssertEqual(try bench.bytes(of: known), "0123")
    let rest = try await bench.send("456789", at: 4, of: known)
    XCTAssertEqual(rest, 10)
    let (file, isAgain) = try await bench.files.complete(bench.workspace, row: known.id)
    XCTAssertFalse(isAgain)
    let (same, isSecond) = try await bench.files.complete(bench.workspace, row: known.id)
    XCTAssertTrue(isSecond)
    XCTAssertEqual(same.file.id, file.file.id)
    XCTAssertThrowsError(try bench.files.part(of: known, at: 10)) {
      XCTAssertEqual($0 as? Refusal, .uploadIsComplete)
    }
  }

  func testAnew_OfWhatHasGrownMeanwhile_BeginsAtTheFirstByte() async throws {
    let bench = try Bench()
    let first = try await bench.begin(10)
    _ = try await bench.send("0123", at: 0, of: first)
    let known = try bench.files.arrival(bench.workspace, row: first.id)
    _ = try await bench.send("456", at: 4, of: known)
    let emptied = try await bench.files.anew(known)
    XCTAssertEqual(emptied.received, 0)
    let received = try await bench.send("ab", at: 0, of: emptied)
    XCTAssertEqual(received, 2)
    XCTAssertEqual(try bench.bytes(of: emptied), "ab")
  }
}
