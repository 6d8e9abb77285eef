import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// A library for the server of a test, compiled for it: `faultshim.c`, which makes one chosen system call fail, or another one.
struct FaultShim {
  let library: String

  /// Compiles it into `directory`; skips the test where there is no compiler.
  init(in directory: TemporaryDirectory, from file: String = "faultshim.c") throws {
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: file).path
    library = directory.path + "/faultshim.so"
    guard access("/usr/bin/gcc", X_OK) == 0 else { throw XCTSkip("gcc is not installed") }
    let result = try Shell.run("gcc", "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl")
    guard result.code == 0 else { throw XCTSkip("gcc cannot build the shim: \(result.text)") }
  }

  /// The environment in which call number `at` of these fails; 0 only counts them, and -1 lets all fail.
  ///
  /// Calls on files outside of `folder`, such as "/spool", are left alone.
  func environment(_ data: String, _ folder: String = "", calls: String, code: Int32, at: Int) -> [String: String] {
    unlink(data + ".count")
    return [
      "LD_PRELOAD": library, "FAULT_ROOT": data + folder, "FAULT_CALLS": calls, "FAULT_ERRNO": String(code),
      "FAULT_AT": String(at), "FAULT_COUNT": data + ".count",
    ]
  }

  /// The environment in which all of these calls fail from `strike` on.
  func waiting(_ data: String, calls: String, code: Int32) -> [String: String] {
    environment(data, calls: calls, code: code, at: -1).merging(["FAULT_WAITS": "1"]) { $1 }
  }

  /// Lets the calls fail that were to wait.
  func strike(_ data: String) throws {
    let file = try check("open", data) { open(data + ".count", O_WRONLY | O_CLOEXEC) }
    defer { close(file) }
    var one = 1
    _ = try check("pwrite", data) { pwrite(file, &one, MemoryLayout<Int>.size, off_t(MemoryLayout<Int>.size)) }
  }

  /// The environment in which the server believes that its disk is empty.
  var boastful: [String: String] { ["LD_PRELOAD": library, "FAULT_FREE": "1"] }

  /// The environment in which each sync takes so many milliseconds longer, by the library `slow`.
  func slow(_ milliseconds: Int) -> [String: String] {
    ["LD_PRELOAD": library, "SYNC_DELAY": String(milliseconds)]
  }

  /// The library with which benchmarks slow down syncs, too.
  static let slow = "../Benchmarks/slowsync.c"

  /// How many of the calls were made so far by the server of this data directory.
  func count(_ data: String) -> Int {
    let bytes = (try? FileBytes.read(data + ".count", atMost: 8)) ?? []
    return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
