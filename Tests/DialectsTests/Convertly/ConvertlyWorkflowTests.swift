import Basics
import Glibc
import TestSupport
import XCTest

/// Workflows: made, changed, run and removed, as the vendor's page on them says.
final class ConvertlyWorkflowTests: XCTestCase {
  private func ask(
    _ server: TestServer, _ method: String, _ path: String, _ body: String? = nil, key: String? = nil
  ) throws -> TestReply {
    try server.client.send(
      method, path, [("Authorization", "Bearer \(key ?? server.key)"), ("Content-Type", "application/json")],
      body: body.map { Array($0.utf8) })
  }

  private func run(_ server: TestServer, _ id: String, _ form: MultipartForm) throws -> TestReply {
    try server.client.send(
      "POST", "/api/workflows/\(id)/run",
      [("Authorization", "Bearer \(server.key)"), ("Content-Type", form.contentType)], body: form.body)
  }

  private func ended(_ server: TestServer, _ job: String) throws -> TestReply {
    while true {
      let reply = try ask(server, "GET", "/api/jobs/\(job)")
      if reply.status != 200 || ["completed", "failed"].contains(reply.json["status"]?.string) { return reply }
      sched_yield()
    }
  }

  private static let steps =
    #"[{"type":"resize","config":{"resize":"width","width":40}},{"type":"convert","format":"jpg","compression":60},{"type":"storage"}]"#

  private func made(_ server: TestServer, _ steps: String = steps) throws -> String {
    let reply = try ask(server, "POST", "/api/workflows", #"{"name":"Shop pictures","steps":\#(steps)}"#)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json["workflow"]?["id"]?.string ?? ""
  }

  func testAWorkflow_IsMadeShownChangedAndRemoved() throws {
    let server = try TestServer()
    let id = try made(server)
    XCTAssertEqual(id.split(separator: "-").map(\.count), [8, 4, 4, 4, 12])
    let shown = try ask(server, "GET", "/api/workflows/\(id)").json["workflow"]
    XCTAssertEqual(shown?["steps"]?.text, try JSONReader.parse(Self.steps.utf8).text)
    XCTAssertEqual(shown?["isActive"]?.boolean, true)
    XCTAssertEqual(shown?["preset"]?.string, "shop-pictures")
    let paused = try ask(server, "PATCH", "/api/workflows/\(id)", #"{"isActive":false}"#)
    XCTAssertEqual(paused.json["workflow"]?["isActive"]?.boolean, false)
    XCTAssertEqual(paused.json["workflow"]?["name"]?.string, "Shop pictures")
    let file = MultipartForm().file("file", "a.png", SamplePictures.photo)
    XCTAssertEqual(try run(server, id, file).status, 409)
    let again = try ask(
      server, "POST", "/api/workflows",
      #"{"id":"\#(id)","name":"Other","isActive":true,"definition":{"steps":[{"type":"convert","format":"bmp"}]}}"#)
    XCTAssertEqual(again.status, 200, again.text)
    XCTAssertEqual(again.json["workflow"]?["id"]?.string, id)
    let list = try ask(server, "GET", "/api/workflows").json["workflows"]?.array
    XCTAssertEqual(list?.map { $0["name"]?.string }, ["Other"])
    XCTAssertEqual(try ask(server, "DELETE", "/api/workflows/\(id)").json["success"]?.boolean, true)
    XCTAssertEqual(try ask(server, "GET", "/api/workflows/\(id)").status, 404)
  }

  func testARun_GoesThroughTheSteps_AndStoresWhatComesOfThem() throws {
    let server = try TestServer()
    let id = try made(server)
    let started = try run(server, id, MultipartForm().file("file", "a.png", SamplePictures.photo))
    XCTAssertEqual(started.status, 202, started.text)
    let job = try XCTUnwrap(started.json["jobId"]?.string)
    XCTAssertEqual(started.json["runId"]?.string, job)
    XCTAssertEqual(started.json["run"]?["workflowId"]?.string, id)
    XCTAssertEqual(try ended(server, job).json["status"]?.string, "completed")
    let runs = try ask(server, "GET", "/api/workflows/\(id)/run").json["runs"]?.array
    XCTAssertEqual(runs?.map { $0["id"]?.string }, [job])
    XCTAssertEqual(runs?.first?["status"]?.string, "completed")
    let files = try ask(server, "GET", "/api/files").json["files"]?.array ?? []
    XCTAssertEqual(files.map { $0["filename"]?.string }, ["a.jpg"])
    // What is stored can be run through another one.
    let next = try made(server, #"[{"type":"convert","format":"png"},{"type":"compress"}]"#)
    let file = files.first?["id"]?.string ?? ""
    let second = try ask(server, "POST", "/api/workflows/\(next)/run", #"{"fileIds":["\#(file)"]}"#)
    XCTAssertEqual(second.status, 202, second.text)
    let end = try ended(server, second.json["jobId"]?.string ?? "")
    XCTAssertEqual(end.json["status"]?.string, "completed", end.text)
  }

  func testARun_IsTold() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let (receiver, own) = try (WebhookReceiver(), WebhookReceiver())
    addTeardownBlock {
      receiver.close()
      own.close()
    }
    let endpoint =
      #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"convertly","events":"workflow.completed"}"#
    XCTAssertEqual(try server.admin("POST", "/endpoints", endpoint).status, 201)
    let id = try made(
      server, #"[{"type":"convert","format":"jpg"},{"type":"webhook","url":"\#(own.url)","secret":"shh"}]"#)
    _ = try run(server, id, MultipartForm().file("file", "a.png", SamplePictures.photo))
    let told = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertEqual(told.json["type"]?.string, "workflow.completed")
    XCTAssertEqual(told.json["data"]?["workflowId"]?.string, id)
    let named = own.wait(for: 2)
    XCTAssertEqual(
      Set(named.compactMap { $0.json["type"]?.string }), ["conversion.completed", "workflow.completed"])
    let stamp = named[0][exact: "convertly-timestamp"] ?? ""
    let code = HMAC(key: Array("shh".utf8)).code(for: Array("\(stamp).".utf8) + named[0].body)
    XCTAssertEqual(named[0][exact: "convertly-signature"], "t=\(stamp),v1=\(Hexadecimal.encode(code))")
  }

  func testAPresetOfAWorkflow_CanBeGivenToTheHouse() throws {
    let server = try TestServer()
    _ = try made(server, #"[{"type":"resize","width":40},{"type":"convert","format":"bmp"}]"#)
    let form = MultipartForm().field("conversion_type", "image").field("from", "png")
      .field("preset", "shop-pictures").file("files[]", "a.png", SamplePictures.photo)
    let reply = try server.submit(form)
    XCTAssertEqual(reply.status, 202, reply.text)
    let end = try server.ended(reply.json["request_id"]?.string ?? "")
    XCTAssertEqual(end.json["outputs"]?[0]?["file_name"]?.string, "a.bmp", end.text)
  }

  func testWrongSteps_AreNamedByTheirNumbers() throws {
    let server = try TestServer()
    for (steps, word) in [
      (#"[{"type":"fly"}]"#, "steps[0].type"), (#"[{"type":"convert"}]"#, "steps[0].format"),
      (#"[{"type":"convert","format":"jpg"},{"type":"webhook","url":"ftp://x"}]"#, "steps[1].url"),
      (#"[{"type":"storage"}]"#, "steps"),
      (#"[{"type":"convert","format":"jpg","compression":101}]"#, "steps[0].compression"),
    ] {
      let reply = try ask(server, "POST", "/api/workflows", #"{"name":"n","steps":\#(steps)}"#)
      XCTAssertEqual(reply.status, 400, reply.text)
      XCTAssertTrue(reply.json["error"]?.string?.contains(word) ?? false, "\(word): \(reply.text)")
    }
    XCTAssertEqual(try ask(server, "POST", "/api/workflows", #"{"steps":[]}"#).status, 400)
  }

  func testAnotherWorkspace_SeesNone() throws {
    let server = try TestServer()
    let id = try made(server)
    XCTAssertEqual(try server.admin("POST", "/workspaces", #"{"slug":"others","plan":"pro"}"#).status, 201)
    let key = try server.admin("POST", "/keys", #"{"workspace":"others"}"#).json["key"]?["key"]?.string
    XCTAssertEqual(try ask(server, "GET", "/api/workflows", key: key).json["workflows"]?.array?.count, 0)
    for (method, body) in [("GET", nil), ("PATCH", "{}"), ("DELETE", nil)] as [(String, String?)] {
      XCTAssertEqual(try ask(server, method, "/api/workflows/\(id)", body, key: key).status, 404)
    }
    XCTAssertEqual(try ask(server, "POST", "/api/workflows/\(id)/run", "{}", key: key).status, 404)
  }
}
