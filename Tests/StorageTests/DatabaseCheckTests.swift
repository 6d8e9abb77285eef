import Basics
import TestSupport
import XCTest

@testable import Storage

final class DatabaseCheckTests: XCTestCase {
  func testChecks_OfADatabaseWithAnEmptiedPage_TellItAndDoNotFail() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/checked.db"
    let database = try Database(path: path, mode: .writing)
    try database.run("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    try database.run("CREATE INDEX lines_by_text ON lines(text)")
    for number in 0..<400 {
      try database.run("INSERT INTO lines (text) VALUES (?)", "\(number) " + String(repeating: "x", count: 100))
    }
    try database.checkpoint(truncates: true)
    database.close()
    let whole = try FileBytes.read(path, atMost: 1 << 26)
    var found = 0
    // The first page is the header and the schema, without which nothing can be opened.
    for page in 1..<whole.count / 4096 {
      var bytes = whole
      bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
      try FileBytes.write(bytes, to: path)
      let damaged = try Database(path: path, mode: .writing)
      defer { damaged.close() }
      XCTAssertFalse(try damaged.integrityCheck().isEmpty, "page \(page)")
      if try !damaged.quickCheck().isEmpty { found += 1 }
    }
    XCTAssertGreaterThan(found, 0)
  }
}
