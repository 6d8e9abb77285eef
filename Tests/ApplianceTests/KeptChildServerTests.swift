import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Children that stay for more small jobs of a workspace, as a running server has them: with one worker for each
/// workspace and one more for whoever comes, two wait for a job at any time.
final class KeptChildServerTests: XCTestCase {
  private static let settings = ["WONDER_WORKERS": "1"]

  func testSmallJobs_OfOneWorkspace_HaveOneChildUntilNoMoreCome() throws {
    try withProgram(Self.settings) { program, keys in
      // The one that has done the job and the two that are ready for another workspace's. Where a second passes after a job,
      // for the machine has other things to do, the first one ends; not every time.
      let stayed = try (0..<20).contains { _ in
        try convert(program, keys[0])
        guard let children = try? waitForChildren(of: program, 3, seconds: 1) else { return false }
        try convert(program, keys[0])
        return (try? waitForChildren(of: program, 3, seconds: 1)) == children
      }
      XCTAssertTrue(stayed)
      // A second after the last job one of them goes.
      XCTAssertEqual(try waitForChildren(of: program, 2).count, 2)
    }
  }

  func testSmallJobs_OfTwoWorkspaces_DoNotShareAChild() throws {
    try withProgram(Self.settings) { program, keys in
      // The second one's job is done by a child that was ready, which stays beside the first one's, and there is a new one;
      // where a second passes meanwhile, the first one ends, and not every time.
      let isApart = try (0..<20).contains { _ in
        try convert(program, keys[0])
        let first = try waitForChildren(of: program, 3)
        try convert(program, keys[1])
        return (try? waitForChildren(of: program, 4, seconds: 1))?.isSuperset(of: first) ?? false
      }
      XCTAssertTrue(isApart)
    }
  }

  func testSmallJobs_WithOneJobForEachChild_LeaveNone() throws {
    try withProgram(Self.settings.merging(["WONDER_JOBS_PER_CHILD": "1"]) { $1 }) { program, keys in
      try convert(program, keys[0])
      XCTAssertEqual(try waitForChildren(of: program, 2).count, 2)
    }
  }

  private func withProgram(
    _ settings: [String: String], _ body: (ServedProgram, [String]) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let keys = try ["one", "two"].map { try TestServer.issueKey(data: data, workspace: $0, plan: "pro") }
    let program = try ServedProgram(data: data, environment: settings)
    defer { program.end(SIGTERM) }
    try body(program, keys)
  }

  private func convert(_ program: ServedProgram, _ key: String) throws {
    let form = MultipartForm.conversion().field("sync", "true").file("files[]", "a.png", SamplePictures.photo)
    let reply = try program.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", String(decoding: reply.body, as: UTF8.self))
  }

  /// The children of the workers, once they are so many.
  private func waitForChildren(of program: ServedProgram, _ count: Int, seconds: Int64 = 60) throws -> Set<Int32> {
    let deadline = Clock.readMonotonic() + seconds * 1_000_000_000
    while Clock.readMonotonic() < deadline {
      let workers = children(of: program.process)
      let found = Set(workers.flatMap(children))
      if found.count == count { return found }
      sched_yield()
    }
    throw SystemFailure("await", "children", code: ETIMEDOUT)
  }

  private func children(of process: Int32) -> [Int32] {
    let threads = (try? FileTree.names(in: "/proc/\(process)/task")) ?? []
    return threads.flatMap { thread in
      let bytes = (try? FileBytes.read("/proc/\(process)/task/\(thread)/children", atMost: 4096)) ?? []
      return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }
  }
}
