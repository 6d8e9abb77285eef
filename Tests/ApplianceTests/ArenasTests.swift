import Basics
import Glibc
import Storage
import TestSupport
import XCTest

@testable import Appliance

final class ArenasTests: XCTestCase {
  /// The most bytes of a piece of an arena, at whose multiples its pieces begin (glibc's HEAP_MAX_SIZE).
  private static let piece: UInt64 = 64 << 20

  func testServer_HasFewArenas_HoweverManyThreadsAskForMemory() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "one", plan: "pro")
    let program = try ServedProgram(data: data)
    defer { program.end(SIGTERM) }
    for _ in 0..<20 {
      XCTAssertEqual(try program.client.get("/api/v1/jobs", key: key).status, 200)
    }
    let cores = Program.cores
    XCTAssertGreaterThan(try threads(of: program.process), ServeCommand.arenas(cores: cores))
    // The first thread's is the heap, which has no such place.
    XCTAssertLessThan(try pieces(of: program.process), ServeCommand.arenas(cores: cores))
  }

  private func threads(of process: pid_t) throws -> Int {
    try FileTree.names(in: "/proc/\(process)/task").count
  }

  /// The places of a process's memory where a piece of an arena begins.
  private func pieces(of process: pid_t) throws -> Int {
    let text = String(decoding: try FileBytes.read("/proc/\(process)/maps", atMost: 1 << 24), as: UTF8.self)
    return text.split(separator: "\n").count { line in
      let words = line.split(separator: " ")
      let start = words[0].split(separator: "-").first.flatMap { UInt64($0, radix: 16) }
      return words.count == 5 && words[1] == "rw-p" && start.map { $0 % Self.piece } == 0
    }
  }
}
