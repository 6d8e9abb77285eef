import Appliance
import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Large files: in one piece to a signed address, or in parts that go on where they were.
final class ConvertlyUploadsTests: XCTestCase {
  private let text = Array("0123456789abcdefghij".utf8)

  func testAWholeFile_IsPutToTheSignedAddress_AndCompleted_AsTheLibraryDoes() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let session = try client.begin("a.txt", text.count)
    let upload = session["upload"]
    XCTAssertEqual(upload?["method"]?.string, "PUT")
    XCTAssertEqual(upload?["bucket"]?.string, "api-workspace")
    XCTAssertEqual(upload?["expiresInSeconds"]?.integer, 86_400)
    let address = server.path(of: upload?["signedUrl"]?.string)
    let body = session["complete"]?["body"]?.text ?? ""
    let early = try client.send("POST", "/api/uploads/complete", body)
    XCTAssertEqual(early.status, 409, early.text)
    XCTAssertEqual(early.json["code"]?.string, "upload_incomplete")
    let put = try server.client.send("PUT", address, [("Content-Type", "text/plain")], body: text)
    XCTAssertEqual(put.status, 200, put.text)
    let done = try client.send("POST", "/api/uploads/complete", body)
    XCTAssertEqual(done.status, 201, done.text)
    XCTAssertEqual(done.json["idempotent"]?.boolean, false)
    XCTAssertEqual(done.json["file"]?["mime_type"]?.string, "text/plain")
    let link = server.path(of: done.json["file"]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(link).body, text)
    let again = try client.send("POST", "/api/uploads/complete", body)
    XCTAssertEqual(again.json["idempotent"]?.boolean, true)
    XCTAssertEqual(again.json["file"]?["id"], done.json["file"]?["id"])
    XCTAssertEqual(try server.client.send("PUT", address, body: text).status, 409)
    XCTAssertEqual(try server.files().count, 1)
    XCTAssertEqual(try stored(server), Int64(text.count))
  }

  func testParts_GoOnWhereTheyWere_AndOutOfTurnNothingChanges() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let session = try client.begin("a.txt", text.count)
    let address = server.path(of: session["resumable"]?["url"]?.string)
    XCTAssertEqual(session["resumable"]?["protocol"]?.string, "tus")
    XCTAssertEqual(try client.offset(address), 0)
    let first = try client.part(address, at: 0, Array(text[..<8]))
    XCTAssertEqual(first.status, 204, first.text)
    XCTAssertEqual(first.header("Upload-Offset"), "8")
    XCTAssertEqual(first.header("Tus-Resumable"), "1.0.0")
    XCTAssertEqual(try client.offset(address), 8)
    XCTAssertEqual(try stored(server), 8)
    XCTAssertEqual(try client.part(address, at: 4, Array(text[4...])).status, 409)
    XCTAssertEqual(try client.part(address, at: 8, Array(text[8...]) + [0x30]).status, 400)
    XCTAssertEqual(try client.offset(address), 8)
    XCTAssertEqual(try server.client.send("PATCH", address, [("Upload-Offset", "8")], body: [1]).status, 415)
    XCTAssertEqual(
      try server.client.send("HEAD", address, [("Tus-Resumable", "0.2.2")]).status, 412)
    // A client that goes away in the middle of a part leaves what has come of it.
    let socket = try server.client.connect()
    let head =
      "PATCH \(address) HTTP/1.1\r\nHost: x\r\nUpload-Offset: 8\r\nContent-Type: application/offset+octet-stream\r\n"
      + "Content-Length: 12\r\n\r\n89ab"
    try TestClient.write(Array(head.utf8), to: socket)
    shutdown(socket, Int32(SHUT_WR))
    _ = try TestClient.readAll(socket)
    close(socket)
    while try client.offset(address) == 8 { sched_yield() }
    XCTAssertEqual(try client.offset(address), 12)
    XCTAssertEqual(try client.part(address, at: 12, Array(text[12...])).status, 204)
    let done = try client.send("POST", "/api/uploads/complete", session["complete"]?["body"]?.text ?? "")
    XCTAssertEqual(done.status, 201, done.text)
    XCTAssertEqual(try server.client.get(server.path(of: done.json["file"]?["download_url"]?.string)).body, text)
  }

  func testPages_OfAnyOrigin_MaySend_AndOnlyOnePartComesAtATime() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let address = server.path(of: try client.begin("a.txt", text.count)["resumable"]?["url"]?.string)
    let asked = try server.client.send("OPTIONS", address, [("Origin", "https://a.example")])
    XCTAssertEqual(asked.status, 204)
    XCTAssertEqual(asked.header("Tus-Version"), "1.0.0")
    XCTAssertEqual(asked.header("Access-Control-Allow-Origin"), "*")
    XCTAssertTrue(asked.header("Access-Control-Allow-Headers")?.contains("Upload-Offset") ?? false)
    let wrong = try server.client.send("HEAD", address + "0", [("Origin", "https://a.example")])
    XCTAssertEqual(wrong.status, 404)
    let socket = try server.client.connect()
    let head =
      "PATCH \(address) HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
      + "Content-Length: 4\r\n\r\n01"
    try TestClient.write(Array(head.utf8), to: socket)
    let name = try XCTUnwrap(server.files().first)
    while try FileBytes.size("\(server.dataPath)/files/\(name.prefix(2))/\(name)") != 2 { sched_yield() }
    XCTAssertEqual(try client.part(address, at: 0, []).status, 423)
    try TestClient.write(Array("23".utf8), to: socket)
    while try client.offset(address) != 4 { sched_yield() }
    close(socket)
  }

  func testPut_BeginsAnew_AndAnUploadThatIsGivenUpLeavesNothing() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let session = try client.begin("a.txt", text.count)
    let address = server.path(of: session["resumable"]?["url"]?.string)
    XCTAssertEqual(try client.part(address, at: 0, Array("wrong".utf8)).status, 204)
    let first = try server.files()
    XCTAssertEqual(try server.client.send("PUT", address, body: Array("short".utf8)).status, 400)
    XCTAssertEqual(try server.client.send("PUT", address, body: text).status, 200)
    XCTAssertEqual(try client.offset(address), text.count)
    XCTAssertEqual(try server.files().count, 1)
    XCTAssertNotEqual(try server.files(), first, "a stand-by would go on with what it has under that name")
    XCTAssertEqual(try server.client.send("DELETE", address).status, 204)
    XCTAssertEqual(try server.client.send("HEAD", address).status, 404)
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(server), 0)
  }

  func testPut_ThatIsCutShort_LeavesNothingOfWhatWasThereBefore() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let address = server.path(of: try client.begin("a.txt", text.count)["resumable"]?["url"]?.string)
    XCTAssertEqual(try client.part(address, at: 0, Array(text[..<12])).status, 204)
    let old = try XCTUnwrap(server.files().first)
    let socket = try server.client.connect()
    defer { close(socket) }
    let head = "PUT \(address) HTTP/1.1\r\nHost: x\r\nContent-Length: \(text.count)\r\n\r\nXY"
    try TestClient.write(Array(head.utf8), to: socket)
    var name = old
    while name == old { name = try server.files().first { $0 != old } ?? old }
    while try FileBytes.size("\(server.dataPath)/files/\(name.prefix(2))/\(name)") != 2 { sched_yield() }
    // The server ends here; a client that was told of 12 bytes would go on behind a hole.
    let next = StoreClient(try TestServer(after: server))
    XCTAssertEqual(try next.offset(address), 0)
    XCTAssertEqual(try stored(next.server), 0)
  }

  func testAnUpload_ThatNothingComesOf_IsGoneAfterADay() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let client = StoreClient(server)
    let kept = try client.begin("kept.txt", text.count)
    let address = server.path(of: kept["resumable"]?["url"]?.string)
    XCTAssertEqual(try client.part(address, at: 0, Array(text[..<8])).status, 204)
    clock.advance(by: .seconds(80_000))
    try server.serve.sweep()
    XCTAssertEqual(try client.offset(address), 8)
    clock.advance(by: .seconds(10_000))
    XCTAssertEqual(try server.client.send("HEAD", address).status, 410)
    try server.serve.sweep()
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(server), 0)
  }

  private func stored(_ server: TestServer) throws -> Int64? {
    try server.admin("GET", "/workspaces/api-workspace").json["workspace"]?["stored_bytes"]?.integer
  }
}
