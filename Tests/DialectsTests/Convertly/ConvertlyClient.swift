import Basics
import TestSupport
import XCTest

/// Requests as Convertly's libraries send them.
struct ConvertlyClient {
  let server: TestServer
  var key: String? = nil

  func post(_ path: String, _ form: MultipartForm, _ headers: [(String, String)] = []) throws -> TestReply {
    try server.client.send(
      "POST", path, [("Authorization", "Bearer " + (key ?? server.key)), ("Content-Type", form.contentType)] + headers,
      body: form.body)
  }

  func post(_ path: String, json: String) throws -> TestReply {
    try server.client.send(
      "POST", path,
      [("Authorization", "Bearer " + (key ?? server.key)), ("Content-Type", "application/json")],
      body: Array(json.utf8))
  }

  func get(_ path: String) throws -> TestReply {
    try server.client.send("GET", path, [("Authorization", "Bearer " + (key ?? server.key))])
  }

  func delete(_ path: String) throws -> TestReply {
    try server.client.send("DELETE", path, [("Authorization", "Bearer " + (key ?? server.key))])
  }

  /// The bytes behind the link of the file with this number in an answer's `files`.
  func file(_ reply: TestReply, _ number: Int = 0) throws -> [UInt8] {
    let link = reply.json["files"]?[number]?["downloadUrl"]?.string
    XCTAssertTrue(link?.hasPrefix("http://127.0.0.1:") ?? false, reply.text)
    let file = try server.client.get(server.path(of: link))
    XCTAssertEqual(file.status, 200, reply.text)
    return file.body
  }

  /// Asks for a job until it has ended.
  func ended(_ job: String) throws -> TestReply {
    while true {
      let reply = try get("/api/jobs/" + job)
      let status = reply.json["status"]?.string
      if reply.status != 200 || status == "completed" || status == "failed" { return reply }
      sched_yield()
    }
  }
}
