import Basics
import Synchronization
import TestSupport
import XCTest

@testable import Storage

/// What is kept between two commits.
final class RememberedTests: XCTestCase {
  private func name(_ slug: String, _ names: Remembered<String, String>, _ reads: inout Int) throws -> String? {
    try names.value(slug) { database in
      reads += 1
      return try database.first("SELECT name FROM workspaces WHERE slug = ?", slug, row: { $0.text(0) })
    }
  }

  func testValue_IsReadAnewAfterEachCommit() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let names = Remembered<String, String>(store: store)
    var reads = 0
    XCTAssertNil(try name("a", names, &reads))
    XCTAssertNil(try name("a", names, &reads))
    XCTAssertEqual(reads, 2, "what is not there is not kept")
    let id = try store.writeBlocking {
      try Workspaces.insert(slug: "a", name: "first", plan: "pro", at: Timestamp(milliseconds: 0), in: $0)
    }
    for _ in 0..<5 { XCTAssertEqual(try name("a", names, &reads), "first") }
    XCTAssertEqual(reads, 3)
    try store.writeBlocking { try $0.run("UPDATE workspaces SET name = 'second' WHERE id = ?", id) }
    for _ in 0..<5 { XCTAssertEqual(try name("a", names, &reads), "second") }
    XCTAssertEqual(reads, 4)
    // A commit that fails may be there all the same.
    XCTAssertThrowsError(try store.writeBlocking { try $0.run("INSERT INTO workspaces (id) VALUES (?)", id) })
    XCTAssertEqual(try name("a", names, &reads), "second")
    XCTAssertEqual(reads, 5)
  }

  func testValue_KeepsAFewOnly() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let numbers = Remembered<Int, Int>(store: store)
    var reads = 0
    for round in 0..<2 {
      for number in 0..<100 {
        let found = try numbers.value(number) { _ in
          reads += 1
          return number + 1
        }
        XCTAssertEqual(found, number + 1, "round \(round)")
      }
    }
    XCTAssertGreaterThan(reads, 100)
    XCTAssertLessThanOrEqual(reads, 200)
  }
}
