import Basics
import TestSupport
import XCTest

@testable import Storage

/// A row is read as it is or not at all: a word that this version does not know becomes no other.
final class UnknownWordTests: XCTestCase {
  func testRowWithAWordOfANewerVersion_Throws_AndItsNeighbourIsRead() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let now = Timestamp(milliseconds: 0)
    let (workspace, jobs): (Int64, [Int64]) = try store.writeBlocking { database in
      let id = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database)
      let jobs = try (0..<2).map { _ in
        try Jobs.insert(
          NewJob(
            workspaceID: id, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
            createdAt: now), in: database)
      }
      // What a table of this version would refuse.
      try database.script(
        "PRAGMA ignore_check_constraints = ON; UPDATE jobs SET status = 'dreaming' WHERE id = \(jobs[0])")
      return (id, jobs)
    }
    XCTAssertThrowsError(try store.read { try Jobs.find(workspace, id: jobs[0], in: $0) }) { error in
      XCTAssertEqual(
        "\(error)", "the database has \"dreaming\" as status, which this version does not know")
    }
    XCTAssertEqual(try store.read { try Jobs.find(workspace, id: jobs[1], in: $0) }?.status, .pending)
  }
}
