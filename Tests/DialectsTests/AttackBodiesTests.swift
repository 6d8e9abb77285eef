import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Bodies made to cost more than they are long: each is answered shortly, and in time that grows with its length only.
final class AttackBodiesTests: XCTestCase {
  private let longestAnswer = 12_000

  private func post(_ server: TestServer, _ path: String, _ body: String, key: String? = nil) throws -> TestReply {
    try server.client.send("POST", path, key: key, [("Content-Type", "application/json")], body: Array(body.utf8))
  }

  private func members(_ count: Int) -> String { (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") }

  func testAccessRequest_OfManyUnknownMembers_NamesTwentyAndCountsTheRest() throws {
    let server = try TestServer()
    let reply = try post(server, "/api/v1/access-requests", "{\(members(5000))}")
    XCTAssertEqual(reply.status, 422)
    XCTAssertEqual(reply.json["errors"]?.members?.map(\.name), (0..<20).map { "m\($0)" })
    XCTAssertEqual(reply.json["more_errors"]?.integer, 4980)
    XCTAssertTrue(reply.json["message"]?.string?.contains("4980 more") ?? false, reply.text)
    XCTAssertLessThan(reply.body.count, longestAnswer)
  }

  func testAccessRequests_AreCountedBeforeTheyAreRead() throws {
    let server = try TestServer()
    for body in ["{", "{\(members(100))}", "[]", "{\"a\":1,\"a\":2}", ""] {
      XCTAssertLessThan(try post(server, "/api/v1/access-requests", body).status, 429)
    }
    // Nothing of the body is there, and yet it is refused.
    let head = "POST /api/v1/access-requests HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n"
    let reply = try server.client.exchange(Array(head.utf8))
    XCTAssertEqual(reply.status, 429)
    XCTAssertEqual(reply.json["code"]?.string, "too_many_access_requests")
  }

  func testRateOfAKey_IsTakenBeforeTheBodyIsRead() throws {
    for path in ["/api/v1/jobs", "/api/v1/batches", "/api/v1/presets"] {
      let server = try TestServer(prepare: { try $0.run("UPDATE plans SET writes_per_minute = 1") })
      XCTAssertEqual(try post(server, path, "{", key: server.key).status, 400)
      let head =
        "POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: \(server.key)\r\n"
        + "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
      XCTAssertEqual(try server.client.exchange(Array(head.utf8)).status, 429, path)
    }
  }

  func testSlowBodiesWithoutAKey_GiveWayToNewClients_AndTheUploadOfAKeyGoesOn() throws {
    let server = try TestServer(settings: ["WONDER_HTTP_CONNECTIONS": "8"])
    func begin(_ text: String) throws -> Int32 {
      let socket = try server.client.connect()
      try TestClient.write(Array(text.utf8), to: socket)
      return socket
    }
    let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
    let upload = try begin(
      "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: \(server.key)\r\n"
        + "Content-Type: \(form.contentType)\r\nContent-Length: \(form.body.count)\r\n\r\n")
    defer { close(upload) }
    try TestClient.write(Array(form.body.prefix(1000)), to: upload)
    let slow = try (0..<40).map { index in
      // Each kind of body that nobody vouches for: one that is read, one that was refused, and half a head.
      let body = "Host: a\r\nContent-Length: 60000\r\n\r\n{"
      return try begin(
        index % 3 == 0
          ? "POST /admin/api/v1/password HTTP/1.1\r\nHost:"
          : "POST \(index % 3 == 1 ? "/api/v1/access-requests" : "/api/v1/jobs") HTTP/1.1\r\n\(body)")
    }
    defer { for socket in slow { close(socket) } }
    for _ in 0..<5 { XCTAssertEqual(try server.client.get("/healthz").status, 200) }
    try TestClient.write(Array(form.body.dropFirst(1000)), to: upload)
    XCTAssertEqual(try TestClient.reply(from: TestClient.readAll(upload)).status, 202)
  }

  func testOpenRoutes_ReadLittle() throws {
    let server = try TestServer()
    for path in ["/admin/api/v1/session", "/admin/api/v1/setup", "/admin/api/v1/password"] {
      XCTAssertEqual(
        try post(server, path, "{\"token\":\"\(String(repeating: "x", count: 17_000))\"}").status, 413, path)
    }
  }

  func testMembersThatComeTwice_AreRefusedByEveryReader() throws {
    let server = try TestServer()
    let documents: [(path: String, body: String, name: String)] = [
      ("/api/v1/jobs", #"{"from":"png","from":"jpg"}"#, "from"),
      ("/api/v1/jobs", #"{"options":{"quality":1,"quality":2}}"#, "quality"),
      ("/api/v1/jobs", #"{"inputs":[{"url":"http://a/","url":"http://b/"}]}"#, "url"),
      ("/api/v1/batches", #"{"mode":"zip","mode":"individual"}"#, "mode"),
      ("/api/v1/presets", #"{"name":"a","to":"png","name":"b"}"#, "name"),
      ("/api/v1/access-requests", #"{"email":"a@b.example","email":"c@d.example"}"#, "email"),
      ("/admin/api/v1/session", #"{"email":"a@b.example","password":"x","password":"y"}"#, "password"),
      ("/admin/api/v1/password", #"{"token":"a","token":"b"}"#, "token"),
    ]
    for (path, body, name) in documents {
      let reply = try post(server, path, body, key: server.key)
      XCTAssertEqual(reply.status, 400, path)
      XCTAssertEqual(reply.json["code"]?.string, "malformed_json")
      let problem = reply.json["errors"]?["body"]?[0]?.string ?? ""
      XCTAssertTrue(problem.contains("\"\(name)\" comes twice"), reply.text)
    }
    let admin = try server.admin("POST", "/workspaces", #"{"slug":"one","slug":"two"}"#)
    XCTAssertEqual(admin.status, 400, admin.text)
  }

  /// What a key can send, by how many of something it has.
  private var shapes: [(name: String, path: String, size: Int, body: (Int) -> String)] {
    let start = #"{"conversion_type":"image","from":"png","to":"jpg""#
    let marks: (Int) -> String = { String(repeating: "\u{301}\u{323}", count: $0) }
    return [
      ("unknown members", "/api/v1/jobs", 15_000, { [self] in "{\(members($0))}" }),
      ("unknown members of a batch", "/api/v1/batches", 15_000, { [self] in "{\(members($0))}" }),
      ("unknown members of a preset", "/api/v1/presets", 1200, { [self] in "{\(members($0))}" }),
      ("options", "/api/v1/jobs", 15_000, { [self] in "\(start),\"options\":{\(members($0))}}" }),
      (
        "options of a preset", "/api/v1/presets", 1200,
        { [self] in #"{"name":"a","to":"png","options":{\#(members($0))}}"# }
      ),
      ("wrong inputs", "/api/v1/jobs", 40_000, { "\(start),\"inputs\":[\(String(repeating: "{},", count: $0))1]}" }),
      (
        "allowed inputs", "/api/v1/jobs", 200,
        { "\(start),\"inputs\":[\(String(repeating: "{\"base64\":\"%\"},", count: $0))1]}" }
      ),
      (
        "empty inputs", "/api/v1/jobs", 200,
        { "\(start),\"inputs\":[\(String(repeating: "{\"base64\":\"\"},", count: $0))1]}" }
      ),
      ("input with members", "/api/v1/jobs", 15_000, { [self] in "\(start),\"inputs\":[{\(members($0))}]}" }),
      ("nested arrays", "/api/v1/jobs", 30_000, { "{\"a\":[\(String(repeating: "[[]],", count: $0))1]}" }),
      ("equal names", "/api/v1/jobs", 30_000, { "{\(String(repeating: "\"a\":1,", count: $0))\"a\":1}" }),
      ("long value", "/api/v1/jobs", 200_000, { "{\"from\":\"\(String(repeating: "x", count: $0))\"}" }),
      (
        "long base64", "/api/v1/jobs", 60_000,
        { "\(start),\"inputs\":[{\"base64\":\"\(String(repeating: "QUFB", count: $0))\"}]}" }
      ),
      (
        "long file name", "/api/v1/jobs", 100_000,
        {
          "\(start),\"inputs\":[{\"base64\":\"QUFB\",\"file_name\":\"\(String(repeating: "a/", count: $0))\"}]}"
        }
      ),
      ("marks in a name", "/api/v1/jobs", 15_000, { "{\"from\(marks($0))\":1}" }),
      ("marks in a value", "/api/v1/jobs", 15_000, { "\(start),\"archive\":\"zip\(marks($0))\"}" }),
      ("marks in an option", "/api/v1/jobs", 15_000, { "\(start),\"options\":{\"fit\":\"inside\(marks($0))\"}}" }),
    ]
  }

  func testBodies_OfEveryShape_AreAnsweredShortlyInLinearTime() throws {
    let server = try TestServer()
    for shape in shapes {
      let bodies = [shape.size, 4 * shape.size].reduce(into: [:]) { $0[$1] = shape.body($1) }
      let ratio = try Growth.ratio(of: shape.size) { size in
        let reply = try post(server, shape.path, bodies[size] ?? "", key: server.key)
        XCTAssertTrue((400..<500).contains(reply.status), "\(shape.name): \(reply.status)")
        XCTAssertLessThan(reply.body.count, longestAnswer, shape.name)
      }
      XCTAssertLessThan(ratio, Growth.mostForLinear, shape.name)
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testForms_OfManyParts_AreAnsweredShortlyInLinearTime() throws {
    let server = try TestServer()
    let shapes: [(String, (Int) -> MultipartForm)] = [
      ("equal options", { (0..<$0).reduce(.conversion()) { form, _ in form.field("options[quality]", "1") } }),
      ("options", { (0..<$0).reduce(.conversion()) { $0.field("options[m\($1)]", "1") } }),
      ("fields", { (0..<$0).reduce(.conversion()) { $0.field("m\($1)", "1") } }),
      ("wrong files", { (0..<$0).reduce(.conversion()) { $0.file("picture\($1)", "a.png", [1]) } }),
      ("empty files", { (0..<$0).reduce(.conversion()) { form, _ in form.file("files[]", "a.png", []) } }),
      ("files of another type", { (0..<$0).reduce(.conversion()) { form, _ in form.file("files[]", "a.png", [1]) } }),
    ]
    for (name, shape) in shapes {
      let forms = [250, 1000].reduce(into: [:]) { $0[$1] = shape($1) }
      let ratio = try Growth.ratio(of: 250) { count in
        guard let form = forms[count] else { return }
        let reply = try server.submit(form)
        XCTAssertTrue((400..<500).contains(reply.status), "\(name): \(reply.status)")
        XCTAssertLessThan(reply.body.count, longestAnswer, name)
      }
      XCTAssertLessThan(ratio, Growth.mostForLinear, name)
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testHeads_OfEveryShape_AreAnsweredInLinearTime() throws {
    let settings = ["WONDER_HTTP_LINE": "256KB", "WONDER_HTTP_FIELD_BYTES": "256KB", "WONDER_HTTP_FIELDS": "10000"]
    let server = try TestServer(settings: settings)
    let marks: (Int) -> String = { "a" + String(repeating: "\u{301}\u{323}", count: $0) }
    let shapes: [(String, String, String, (Int) -> (String, [(String, String)]))] = [
      ("query", "GET", "/api/v1/jobs", { ("?" + String(repeating: "limit=1&", count: $0), []) }),
      ("path", "GET", "", { (String(repeating: "/a", count: $0), []) }),
      ("cookies", "GET", "/admin/api/v1/session", { ("", [("Cookie", String(repeating: "a=b; ", count: $0))]) }),
      ("fields", "GET", "/healthz", { ("", (0..<$0).map { ("A\($0)", "1") }) }),
      ("accept", "GET", "/", { ("", [("Accept", String(repeating: "a/b, ", count: $0))]) }),
      (
        "entity tags", "GET", "/samples/photo.png",
        { ("", [("If-None-Match", String(repeating: "\"a\",", count: $0))]) }
      ),
      ("ranges", "GET", "/samples/photo.png", { ("", [("Range", "bytes=" + String(repeating: "0-1,", count: $0))]) }),
      (
        "origin", "POST", "/admin/api/v1/session",
        { ("", [("Origin", "http://" + marks($0)), ("Content-Length", "0")]) }
      ),
      ("authorization", "GET", "/api/v1/jobs", { ("", [("Authorization", "beare\u{72}\(marks($0)) x")]) }),
      ("key", "GET", "/api/v1/jobs", { ("", [("X-API-Key", marks($0))]) }),
      (
        "event", "GET", "/api/v1/jobs/req_0000000000000/events",
        { ("", [("Last-Event-ID", String(repeating: "9", count: $0))]) }
      ),
      ("token", "GET", "/files/", { (String(repeating: "a-", count: $0) + "/x", []) }),
    ]
    for (name, method, path, shape) in shapes {
      let ratio = try Growth.ratio(of: 2000) { count in
        let (suffix, headers) = shape(count)
        let key = name == "key" || name == "authorization" ? nil : server.key
        let reply = try server.client.send(method, path + suffix, key: key, headers)
        XCTAssertLessThan(reply.status, 500, name)
      }
      XCTAssertLessThan(ratio, Growth.mostForLinear, name)
    }
  }
}
