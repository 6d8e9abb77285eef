import Basics
import Synchronization
import TestSupport
import XCTest

/// What keeps one workspace from filling the queue of all.
///
/// `@unchecked Sendable`: it has no state of its own.
final class QueueBoundsTests: XCTestCase, @unchecked Sendable {
  private func form(_ files: Int) -> MultipartForm {
    (0..<files).reduce(MultipartForm().field("to", "jpg")) { $0.file("files[]", "\($1).png", SamplePictures.photo) }
  }

  private func batch(_ server: TestServer, _ files: Int, _ idempotencyKey: String? = nil) throws -> TestReply {
    let form = form(files)
    return try server.client.send(
      "POST", "/api/v1/batches", key: server.key,
      [("Content-Type", form.contentType)] + (idempotencyKey.map { [("Idempotency-Key", $0)] } ?? []), body: form.body)
  }

  private func served(_ limits: String) throws -> TestServer {
    let server = try TestServer(plan: "pro")
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    XCTAssertEqual(try server.admin("PATCH", "/plans/pro", limits).status, 200)
    return server
  }

  func testJobsThatWait_AreBoundedByThePlanAndTakenWholeOrNotAtAll() throws {
    let server = try served(#"{"waiting_jobs":"4"}"#)
    XCTAssertEqual(try batch(server, 3, "first").status, 202)
    let over = try batch(server, 2)
    XCTAssertEqual(over.status, 429)
    XCTAssertEqual(over.json["code"]?.string, "too_many_waiting")
    XCTAssertTrue(over.text.contains("4 jobs"), over.text)
    XCTAssertNotNil(over.header("Retry-After"))
    XCTAssertEqual(try server.files().count, 3, "nothing stays of what was refused")
    XCTAssertEqual(try batch(server, 1).status, 202)
    XCTAssertEqual(try batch(server, 1).status, 429)
    XCTAssertEqual(try batch(server, 3, "first").status, 200, "a repetition is answered all the same")
    XCTAssertEqual(try server.admin("POST", "/workspaces", #"{"slug":"other","plan":"pro"}"#).status, 201)
    let other = try server.admin("POST", "/keys", #"{"workspace":"other"}"#).json["key"]?["key"]?.string
    let one = form(1)
    XCTAssertEqual(
      try server.client.send(
        "POST", "/api/v1/batches", key: other, [("Content-Type", one.contentType)], body: one.body
      ).status, 202, "another workspace is not kept out")
  }

  func testFiles_CountAgainstARateOfTheirOwn() throws {
    let server = try served(#"{"files_per_minute":"10"}"#)
    XCTAssertEqual(try batch(server, 25, "first").status, 202, "more than a minute's at once is possible")
    let over = try batch(server, 1)
    XCTAssertEqual(over.status, 429)
    XCTAssertEqual(over.json["code"]?.string, "too_many_files")
    let seconds = Int(over.header("Retry-After") ?? "") ?? 0
    XCTAssertTrue((60...91).contains(seconds), "\(seconds)")
    XCTAssertEqual(try batch(server, 25, "first").status, 200, "a repetition costs nothing")
  }

  func testFilesSentAtOnce_AreCountedOneRequestAfterTheOther() throws {
    let server = try served(#"{"files_per_minute":"10"}"#)
    let answers = Mutex<[Int: Int]>([:])
    let threads = (0..<8).map { number in
      ServiceThread("sender-\(number)") { [self] in
        let status = (try? batch(server, 20))?.status ?? 0
        answers.withLock { $0[status, default: 0] += 1 }
      }
    }
    for thread in threads { thread.join() }
    XCTAssertEqual(answers.withLock { $0 }, [202: 1, 429: 7])
  }
}
