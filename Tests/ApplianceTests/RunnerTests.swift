import Appliance
import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Jobs that meet trouble on the server's side.
final class RunnerTests: XCTestCase {
  func testJob_WhoseFileIsGone_FailsInsteadOfStayingForEver() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let id: String = try {
      let store = try Store(path: data)
      defer { store.close() }
      return try store.writeBlocking { database in
        let now = Timestamp(milliseconds: 1)
        let job = try Jobs.insert(
          NewJob(
            workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
            createdAt: now), in: database)
        try Inputs.insert(
          NewInput(fileName: "a.png", .file(blob: "00gone", size: 1, sha256: nil)), job: job, position: 0, in: database)
        try Queue.insert(1, job: job, at: now, in: database)
        // One attempt is left, so that the test need not wait for the pauses between them.
        try database.run("UPDATE queue SET faults = 4")
        return store.identifiers.text(.request, job)
      }
    }()
    let program = try ServedProgram(data: data)
    defer { program.end(SIGTERM) }
    while true {
      let reply = try program.client.get("/api/v1/jobs/\(id)", key: key)
      guard reply.json["job"]?["status"]?.string == "failed" else {
        sched_yield()
        continue
      }
      XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "internal_error")
      return
    }
  }

  func testJob_WithoutAnyFile_FailsAndEndsNobody() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let id: String = try {
      let store = try Store(path: data)
      defer { store.close() }
      return try store.writeBlocking { database in
        let now = Timestamp(milliseconds: 1)
        let job = try Jobs.insert(
          NewJob(
            workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
            createdAt: now), in: database)
        try Queue.insert(1, job: job, at: now, in: database)
        try database.run("UPDATE queue SET faults = 4")
        return store.identifiers.text(.request, job)
      }
    }()
    let program = try ServedProgram(data: data)
    defer { program.end(SIGTERM) }
    while true {
      let reply = try program.client.get("/api/v1/jobs/\(id)", key: key)
      if reply.json["job"]?["status"]?.string == "failed" { return }
      XCTAssertEqual(reply.status, 200)
      sched_yield()
    }
  }
}
