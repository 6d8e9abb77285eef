import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// What the page of files asks the admin API for.
final class StoredFilesPagesTests: XCTestCase {
  private let place = "/admin/api/v1/workspaces/api-workspace"

  private func send(
    _ server: TestServer, _ session: TestSession, _ method: String, _ path: String, _ document: String? = nil
  ) throws -> TestReply {
    try server.client.send(method, place + path, session.headers, body: document.map { Array($0.utf8) })
  }

  private func add(_ server: TestServer, _ session: TestSession, _ form: MultipartForm) throws -> TestReply {
    try server.client.send(
      "POST", place + "/files", session.headers + [("Content-Type", form.contentType)], body: form.body)
  }

  func testFiles_AreBrought_Shown_Changed_Converted_AndDeleted() throws {
    let server = try TestServer()
    let admin = try server.signIn("a@example.com", workspace: "api-workspace", role: "admin")
    let folder =
      try send(server, admin, "POST", "/folders", #"{"name":"Pictures"}"#).json["folder"]?["id"]?.string ?? ""
    let form = MultipartForm().field("folder", folder).file("files[]", "photo.png", SamplePictures.photo)
    let file = try add(server, admin, form).json["files"]?[0]
    let id = try XCTUnwrap(file?["id"]?.string)
    XCTAssertEqual(file?["is_shown"]?.boolean, true)
    let list = try send(server, admin, "GET", "/files?folder=\(folder)").json
    XCTAssertEqual(list["total"]?.integer, 1)
    XCTAssertEqual(list["line"]?[0]?["name"]?.string, "Pictures")
    XCTAssertEqual(try send(server, admin, "GET", "/files").json["total"]?.integer, 0)
    XCTAssertEqual(try send(server, admin, "GET", "/files?q=PHOTO").json["total"]?.integer, 1)
    let shown = try send(server, admin, "GET", "/files/\(id)/content?view=1")
    XCTAssertEqual(shown.body, SamplePictures.photo)
    XCTAssertTrue(shown.header("Content-Disposition")?.hasPrefix("inline") ?? false)
    XCTAssertTrue(shown.header("Content-Security-Policy")?.contains("sandbox") ?? false)
    let changed = try send(server, admin, "PATCH", "/files/\(id)", #"{"name":"new.png","folder":""}"#)
    XCTAssertEqual(changed.json["file"]?["name"]?.string, "new.png", changed.text)
    XCTAssertEqual(try send(server, admin, "DELETE", "/folders/\(folder)").status, 200)
    let job = MultipartForm().field("from", "png").field("to", "jpg").field("stored[]", id)
    let taken = try server.client.send(
      "POST", place + "/jobs", admin.headers + [("Content-Type", job.contentType)], body: job.body)
    XCTAssertEqual(taken.status, 202, taken.text)
    XCTAssertEqual(try send(server, admin, "DELETE", "/files/\(id)").status, 200)
    let ended = try server.ended(taken.json["job"]?["request_id"]?.string ?? "")
    XCTAssertEqual(ended.json["outputs"]?[0]?["file_name"]?.string, "new.jpg", ended.text)
    let name = ended.json["job"]?["request_id"]?.string ?? ""
    let kept = try send(server, admin, "POST", "/files/of-job", #"{"job":"\#(name)","position":"0"}"#)
    XCTAssertEqual(kept.json["file"]?["name"]?.string, "new.jpg", kept.text)
    XCTAssertEqual(try server.admin("DELETE", "/jobs/\(name)").status, 200)
    let after = try send(server, admin, "GET", "/files/\(kept.json["file"]?["id"]?.string ?? "")/content")
    XCTAssertEqual(Array(after.body.prefix(2)), [0xFF, 0xD8])
    XCTAssertEqual(try send(server, admin, "POST", "/files/of-job", #"{"job":"\#(name)","position":"0"}"#).status, 404)
  }

  func testAMember_LooksAndBrings_AStrangerFindsNothing() throws {
    let server = try TestServer { _ in }
    let member = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    XCTAssertEqual(
      try server.admin("POST", "/workspaces", #"{"slug":"elsewhere","plan":"pro"}"#).status, 201)
    let stranger = try server.signIn("x@example.com", workspace: "elsewhere", role: "admin")
    let form = MultipartForm().file("files[]", "a.txt", Array("secret".utf8))
    let id = try add(server, member, form).json["files"]?[0]?["id"]?.string ?? ""
    XCTAssertEqual(try send(server, member, "GET", "/files/\(id)/content").text, "secret")
    XCTAssertEqual(try send(server, member, "DELETE", "/files/\(id)").status, 403)
    XCTAssertEqual(try send(server, member, "PATCH", "/files/\(id)", "{}").status, 403)
    for (method, path) in [
      ("GET", "/files"), ("GET", "/files/\(id)/content"), ("DELETE", "/files/\(id)"), ("POST", "/folders"),
    ] {
      XCTAssertEqual(try send(server, stranger, method, path, "{}").status, 404, path)
    }
    let own = try server.client.send(
      "GET", "/admin/api/v1/workspaces/elsewhere/files/\(id)/content", stranger.headers)
    XCTAssertEqual(own.status, 404)
  }
}
