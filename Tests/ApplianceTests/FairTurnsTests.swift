import Basics
import Storage
import Glibc
import TestSupport
import XCTest

/// A workspace whose jobs have many files beside one with a single picture.
final class FairTurnsTests: XCTestCase {
  private func served(
    workers: String, _ body: (ServedProgram, _ greedy: String, _ honest: String) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let keys = try ["greedy", "honest"].map { try TestServer.issueKey(data: data, workspace: $0, plan: "enterprise") }
    let program = try ServedProgram(data: data, environment: ["WONDER_WORKERS": workers, "WONDER_JOB_TIME": "10m"])
    defer { program.end(SIGKILL) }
    try body(program, keys[0], keys[1])
  }

  /// A job of so many pictures, each of which takes a while if it becomes as wide as `width`; gives its identifier.
  private func submit(
    _ program: ServedProgram, _ key: String, files: Int, sync: Bool = false, width: Int? = nil
  ) throws -> JSONValue {
    var form = MultipartForm.conversion()
    if sync { form = form.field("sync", "true") }
    if let width { form = form.field("options[width]", "\(width)") }
    for number in 0..<files { form = form.file("files[]", "\(number).png", SamplePictures.photo) }
    let reply = try program.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)], body: form.body)
    return reply.json
  }

  private func counts(_ program: ServedProgram, _ key: String) throws -> (unfinished: Int, outputs: Int) {
    let list = try program.client.get("/api/v1/jobs?limit=100", key: key).json["jobs"]?.array ?? []
    let unfinished = list.count { ["pending", "processing"].contains($0["status"]?.string) }
    return (unfinished, list.count - unfinished)
  }

  /// The picture is done while every one of the large jobs still has files to do, with one worker and with several.
  func testPicture_IsDoneWhileLargeJobsHaveFilesLeft() throws {
    for workers in ["1", "2"] {
      try served(workers: workers) { program, greedy, honest in
        for _ in 0..<4 { _ = try submit(program, greedy, files: 150, width: 3000) }
        for _ in 0..<3 {
          let job = try submit(program, honest, files: 1, sync: true)["job"]
          XCTAssertEqual(job?["status"]?.string, "completed")
        }
        XCTAssertEqual(try counts(program, greedy).unfinished, 4, "\(workers) workers")
      }
    }
  }

  /// Jobs between two of their files go back to the queue at a stop, and are done after the next start.
  func testStop_GivesBackWhatRests() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let keys = try ["one", "two", "three"].map {
      try TestServer.issueKey(data: data, workspace: $0, plan: "enterprise")
    }
    let first = try ServedProgram(data: data, environment: ["WONDER_WORKERS": "1"])
    let ids = try keys.map { try submit(first, $0, files: 60)["request_id"]?.string ?? "" }
    XCTAssertEqual(first.end(SIGTERM), 0)
    let second = try ServedProgram(data: data)
    defer { second.end(SIGKILL) }
    for (key, id) in zip(keys, ids) {
      while true {
        let document = try second.client.get("/api/v1/jobs/\(id)", key: key).json
        let status = document["job"]?["status"]?.string ?? ""
        if ["pending", "processing"].contains(status) {
          sched_yield()
          continue
        }
        XCTAssertEqual(status, "completed")
        XCTAssertEqual(document["outputs"]?.array?.count, 60)
        break
      }
    }
  }

  /// A job that is put down between its files loses none of them and comes to its end.
  func testJobThatRestsBetweenFiles_EndsWhole() throws {
    try served(workers: "1") { program, greedy, honest in
      let ids = try [greedy, honest, greedy, honest].map {
        (key: $0, id: try submit(program, $0, files: 12)["request_id"]?.string ?? "")
      }
      for (key, id) in ids {
        while true {
          let document = try program.client.get("/api/v1/jobs/\(id)", key: key).json
          let status = document["job"]?["status"]?.string
          XCTAssertNotEqual(status, "failed", document.text)
          if status == "failed" { break }
          if status == "completed" {
            XCTAssertEqual(
              document["outputs"]?.array?.compactMap { $0["file_name"]?.string }, (0..<12).map { "\($0).jpg" })
            break
          }
          sched_yield()
        }
      }
    }
  }
}
