import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// Who else reads the database just now.
final class LogReadersTests: XCTestCase {
  func testAnotherProcess_ThatKeepsItsSnapshot_IsFound_AndThisOneIsNot() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let path = store.directory.databasePath
    XCTAssertEqual(try store.read { try Workspaces.all(in: $0) }.count, 0)
    XCTAssertEqual(LogReaders.of(database: path), [])
    var ends: [Int32] = [-1, -1]
    XCTAssertEqual(pipe(&ends), 0)
    let script = """
      import sqlite3, sys, time
      base = sqlite3.connect("file:\(path)?mode=ro", uri=True, isolation_level=None)
      base.execute("BEGIN")
      base.execute("SELECT count(*) FROM jobs").fetchone()
      print("ready", flush=True)
      time.sleep(600)
      """
    let other = try Shell.start(["/usr/bin/env", "python3", "-c", script], output: ends[1])
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 5)
    XCTAssertEqual(read(ends[0], &bytes, 5), 5)
    XCTAssertEqual(LogReaders.of(database: path), [other])
    XCTAssertTrue(LogReaders.name(of: other).hasPrefix("python"))
    kill(other, SIGKILL)
    _ = Shell.wait(for: other)
    close(ends[0])
    XCTAssertEqual(LogReaders.of(database: path), [])
    XCTAssertEqual(LogReaders.name(of: other), "")
  }
}
