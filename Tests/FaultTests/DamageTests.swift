import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Pages of the database flipped one at a time (D-cor): the start refuses, or has the very same jobs.
///
/// `TEST_FAULTS=1` tries a thousand of each kind.
final class DamageTests: XCTestCase {
  private static let rounds = getenv("TEST_FAULTS") == nil ? 12 : 1000

  /// What an index or a constraint holds; a flipped bit of any other value, such as a job's number, nobody can notice, for
  /// SQLite's pages have no sums.
  private struct Seen: Equatable {
    let id: Int64
    let workspace: Int64
    let status: JobStatus
    let outputs: Int
  }

  private func list(_ store: Store) throws -> [Seen] {
    try store.read { database in
      try Jobs.listAll(before: .max, limit: 10_000, in: database).map { job in
        Seen(
          id: job.id, workspace: job.workspaceID, status: job.status,
          outputs: try Outputs.all(job: job.id, in: database).count)
      }
    }
  }

  /// A directory with finished and waiting jobs, closed in order.
  private func makeData(_ directory: TemporaryDirectory) throws -> [Seen] {
    let client = try Client(data: directory.path + "/data")
    let program = try ServedProgram(data: directory.path + "/data")
    let ids = (0..<120).compactMap { _ in Client.accepted(client.submit(to: program)) }
    for id in ids { _ = try client.end(of: id, at: program) }
    XCTAssertEqual(program.end(SIGTERM), 0)
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    return try list(store)
  }

  func testFlippedPage_IsRefusedOrHarmless() throws {
    let directory = try TemporaryDirectory()
    let before = try makeData(directory)
    XCTAssertEqual(before.count, 120)
    let whole = try FileBytes.read(directory.path + "/data/wonder.db", atMost: 1 << 26)
    let kinds: [(name: String, damage: (inout [UInt8], Int) -> Void)] = [
      ("garbage", { bytes, page in for index in page..<page + 4096 { bytes[index] = .random(in: 0...255) } }),
      ("zeros", { bytes, page in for index in page..<page + 4096 { bytes[index] = 0 } }),
      ("half", { bytes, page in for index in page + 2048..<page + 4096 { bytes[index] = 0 } }),
      ("bit", { bytes, page in bytes[page + .random(in: 0..<4096)] ^= UInt8(1) << UInt8.random(in: 0..<8) }),
    ]
    for kind in kinds {
      var refused = 0
      for _ in 0..<Self.rounds {
        var bytes = whole
        kind.damage(&bytes, .random(in: 0..<whole.count / 4096) * 4096)
        if try start(directory, bytes, kind.name, before) == false { refused += 1 }
      }
      print("\(kind.name): \(refused) of \(Self.rounds) refused, the others with the same jobs")
    }
  }

  /// False when the start refused; the file is then as it was.
  private func start(_ directory: TemporaryDirectory, _ bytes: [UInt8], _ kind: String, _ before: [Seen]) throws -> Bool
  {
    let path = directory.path + "/data/wonder.db"
    for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
    try FileBytes.write(bytes, to: path)
    do {
      let store = try Store(path: directory.path + "/data")
      defer { store.close() }
      let isSound = try store.health(checksAll: true).problems.isEmpty
      if isSound { XCTAssertEqual(try list(store), before, kind) }
      return true
    } catch let failure as StoreFailure {
      XCTAssertEqual(try FileBytes.read(path, atMost: 1 << 26), bytes, kind)
      switch failure {
      case .damaged, .notOurs, .newerSchema, .missingDatabase: return false
      default: throw failure
      }
    }
  }
}
