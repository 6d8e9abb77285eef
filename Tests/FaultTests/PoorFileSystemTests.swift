import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// File systems that lack what the data directory needs, which the start says in a sentence.
final class PoorFileSystemTests: XCTestCase {
  /// What a start says whose calls of this kind all fail.
  private func refusal(_ shim: FaultShim, _ data: String, _ calls: String, _ code: Int32) throws -> String {
    do {
      let program = try ServedProgram(
        data: data, environment: shim.environment(data, calls: calls, code: code, at: -1), log: data + ".log")
      program.end(SIGKILL)
      return "started"
    } catch let refusal as ServedProgram.NeverReady {
      XCTAssertEqual(refusal.code, 1)
      return refusal.lastWords
    }
  }

  func testWithoutLocks_TheStartSaysSo() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    for calls in ["flock", "lock"] {
      for code in [ENOLCK, EOPNOTSUPP, ENOSYS] {
        for isNew in [true, false] {
          let directory = try TemporaryDirectory()
          let data = directory.path + "/data"
          if !isNew { _ = try Client(data: data) }
          let words = try refusal(shim, data, calls, code)
          let reason = "\(calls == "lock" ? "fcntl" : "flock"): \(String(cString: strerror(code)))"
          XCTAssertTrue(words.contains("the file system of \(data) has no locks (\(reason))"), words)
          XCTAssertFalse(words.contains("another wonder"), words)
        }
      }
    }
  }

  func testWithoutSharedMemory_TheStartSaysSo() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    for code in [ENODEV, EINVAL, EOPNOTSUPP, EACCES] {
      for isNew in [true, false] {
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        if !isNew { _ = try Client(data: data) }
        let words = try refusal(shim, data, "mmap", code)
        XCTAssertTrue(words.contains("gives no shared memory"), words)
        XCTAssertTrue(words.contains(String(cString: strerror(code))), words)
        XCTAssertTrue(words.contains("on a local disk with --data"), words)
      }
    }
  }
}
