import Basics
import Engine
import Glibc
import Storage
import TestSupport
import XCTest

@testable import Appliance

/// A second machine that follows a server: over HTTP with a token, and by the socket on the same machine.
final class StandbyTests: XCTestCase {
  private static let token = "a token of a stand-by of these tests"

  private func standby(_ data: String, _ words: String..., token: String? = token) throws -> Shell.Result {
    try Shell.run(
      [BuiltProgram.path, "standby", "--data", data] + words,
      environment: token.map { ["WONDER_STANDBY_TOKEN": $0] } ?? [:])
  }

  private func makeJob(_ server: TestServer) throws -> String {
    let id =
      try server.submit(MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo))
      .json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    return id
  }

  /// Serves a directory that was promoted, and asks it for a job of the first server.
  private func serve(_ data: String, _ key: String, job: String) throws {
    let program = try ServedProgram(data: data)
    let reply = try program.client.get("/api/v1/jobs/\(job)", key: key)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
    let link = reply.json["outputs"]?[0]?["download_url"]?.string ?? ""
    let path = "/" + link.split(separator: "/", maxSplits: 2).dropFirst(2).joined()
    XCTAssertEqual(try program.client.get(path).status, 200)
    XCTAssertEqual(program.end(SIGTERM), 0)
    XCTAssertEqual(try Shell.run(BuiltProgram.path, "admin", "check", "--data", data).code, 0)
  }

  func testStandby_OverHTTP_AndOnTheSameMachine_Follows_SaysHowFarItIs_AndTakesOver() throws {
    let place = try TemporaryDirectory()
    let (data, near, unused) = (place.path + "/standby", place.path + "/near", place.path + "/unused")
    let (url, key, job) = try followedServer(data, near, copiedTo: unused)
    let promoted = try standby(data, "--promote")
    XCTAssertEqual(promoted.code, 0, promoted.text)
    XCTAssertTrue(promoted.text.contains("promoted; everything of \(url) until"), promoted.text)
    try serve(data, key, job: job)
    XCTAssertEqual(try standby(data, "--status").code, 1)
    XCTAssertEqual(try standby(data, "--from", url, "--once").code, 2, "it is a server's by now")
    // The other one follows a directory that nobody serves.
    unlink(unused + "/wonder.sock")
    for _ in 0..<2 {
      let followed = try standby(near, "--from", unused, "--once", token: nil)
      XCTAssertEqual(followed.code, 0, followed.text)
    }
    XCTAssertEqual(try standby(near, "--promote", token: nil).code, 0)
    XCTAssertEqual(try Shell.run(BuiltProgram.path, "admin", "check", "--data", near).code, 0)
  }

  /// Lets both directories follow a server that then ends, and looks at what it says of them.
  private func followedServer(
    _ data: String, _ near: String, copiedTo unused: String
  ) throws -> (url: String, key: String, job: String) {
    let server = try TestServer(settings: ["WONDER_STANDBY_TOKEN": Self.token])
    let url = "http://127.0.0.1:\(server.client.port)"
    let job = try makeJob(server)
    for _ in 0..<2 {
      let followed = try standby(data, "--from", url, "--once")
      XCTAssertEqual(followed.code, 0, followed.text)
      XCTAssertTrue(followed.text.contains(" files, "), followed.text)
    }
    let again = try standby(data, "--from", url, "--once", "--json")
    let record = try JSONReader.parse(again.text.utf8)
    let files = try XCTUnwrap(record["held"]?["files"]?.integer, again.text)
    XCTAssertGreaterThan(files, 0)
    XCTAssertLessThan(try XCTUnwrap(record["lag_ms"]?.integer), 60_000)

    let known = try XCTUnwrap(server.admin("GET", "/standby").json["standbys"]?[0])
    XCTAssertEqual(known["files"]?.integer, files)
    XCTAssertLessThan(try XCTUnwrap(known["lag_seconds"]?.integer), 60)
    XCTAssertEqual(try server.admin("GET", "/health").json["health"]?["standbys"]?.array?.count, 1)
    let findings = try server.admin("GET", "/server/findings").json["findings"]?.array ?? []
    XCTAssertEqual(findings.first { $0["name"]?.string == "standby" }?["state"]?.string, "ok")
    let audit = try server.admin("GET", "/audit").json["audit"]?.array ?? []
    XCTAssertEqual(audit.filter { $0["action"]?.string == "standby.follow" }.count, 1)
    XCTAssertTrue(audit.contains { $0["action"]?.string == "standby.key" && $0["actor"]?.string == "standby" })
    XCTAssertEqual(try FileTree.names(in: server.dataPath + "/spool"), [])

    XCTAssertEqual(try standby(data, "--status").code, 0)
    let doctor = try Shell.run(BuiltProgram.path, "doctor", "--data", data)
    XCTAssertEqual(doctor.code, 0, doctor.text)
    XCTAssertTrue(doctor.text.contains("everything of \(url) until"), doctor.text)
    let refused = try standby(data, "--promote")
    XCTAssertEqual(refused.code, 1)
    XCTAssertTrue(refused.text.contains("still answers"), refused.text)
    XCTAssertThrowsError(try ServedProgram(data: data))

    let followed = try standby(near, "--from", server.dataPath, "--once", token: nil)
    XCTAssertEqual(followed.code, 0, followed.text)
    XCTAssertEqual(try server.admin("GET", "/standby").json["standbys"]?[0]?["address"]?.string, "socket")
    XCTAssertEqual(try standby(near, "--promote", token: nil).code, 1)
    XCTAssertEqual(try Shell.run("cp", "-a", server.dataPath, unused).code, 0)
    return (url, server.key, job)
  }

  func testUpload_OfWhichAPartIsOnItsWay_IsFollowedAsFarAsItIsRecorded() throws {
    let place = try TemporaryDirectory()
    let data = place.path + "/standby"
    let server = try TestServer(settings: ["WONDER_STANDBY_TOKEN": Self.token])
    let text = Array("0123456789abcdefghij".utf8)
    let begun = try server.client.send(
      "POST", "/api/uploads", [("Authorization", "Bearer \(server.key)"), ("Content-Type", "application/json")],
      body: Array(#"{"filename":"a.txt","sizeBytes":\#(text.count)}"#.utf8))
    XCTAssertEqual(begun.status, 201, begun.text)
    let address = begun.json["upload"]?["signedUrl"]?.string ?? ""
    let path = "/api/uploads/" + (address.split(separator: "/").last ?? "")
    let blob = try XCTUnwrap(server.files().first)
    let file = "/files/\(blob.prefix(2))/\(blob)"
    for (start, half, end) in [(0, 4, 8), (8, 12, 16), (16, 18, 20)] {
      let socket = try server.client.connect()
      defer { close(socket) }
      let head =
        "PATCH \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUpload-Offset: \(start)\r\n"
        + "Content-Type: application/offset+octet-stream\r\nContent-Length: \(end - start)\r\n\r\n"
      try TestClient.write(Array(head.utf8) + text[start..<half], to: socket)
      while try FileBytes.size(server.dataPath + file) != half { sched_yield() }
      let followed = try standby(data, "--from", "http://127.0.0.1:\(server.client.port)", "--once")
      XCTAssertEqual(followed.code, 0, followed.text)
      XCTAssertEqual(try FileBytes.read(data + file, atMost: 100), Array(text[..<start]))
      try TestClient.write(Array(text[half..<end]), to: socket)
      _ = try TestClient.readAll(socket)
    }
  }

  func testMistakes_AreSaidBeforeAnythingIsSent() throws {
    let place = try TemporaryDirectory()
    let data = place.path + "/standby"
    let server = try TestServer(settings: ["WONDER_STANDBY_TOKEN": Self.token])
    let url = "http://127.0.0.1:\(server.client.port)"
    let cases: [(words: [String], token: String?, code: Int32, text: String)] = [
      (["--from", url], nil, 2, "WONDER_STANDBY_TOKEN_FILE"),
      (["--from", "http://192.0.2.1"], Self.token, 2, "is not encrypted"),
      (["--from", "https://a:b@192.0.2.1"], Self.token, 2, "no http:// or https:// address"),
      (["--from", url, "--standby-token", Self.token], nil, 2, "list of processes"),
      ([], Self.token, 2, "must say whom to follow"),
      (["--from", url, "--once"], Self.token + "x", 1, "This is not the WONDER_STANDBY_TOKEN"),
      (["--from", "http://127.0.0.1:1", "--once"], Self.token, 1, "could not connect"),
      (["--status"], nil, 1, "nothing of http://127.0.0.1:1 is held yet; since"),
    ]
    for (words, token, code, text) in cases {
      let result = try Shell.run(
        [BuiltProgram.path, "standby", "--data", data] + words,
        environment: token.map { ["WONDER_STANDBY_TOKEN": $0] } ?? [:])
      XCTAssertEqual(result.code, code, "\(words): \(result.text)")
      XCTAssertTrue(result.text.contains(text), "\(words): \(result.text)")
    }
    XCTAssertThrowsError(try Followers.token(Settings(flags: ["WONDER_STANDBY_TOKEN": "short"]))) {
      XCTAssertTrue("\($0)".contains("20 characters"), "\($0)")
    }
  }

  /// A first server that says what a test wants.
  private final class MadeUpSource: StandbySource {
    var offer: StandbyOffer
    init(_ offer: StandbyOffer) { self.offer = offer }
    func ask(_ held: StandbyRecord.Held?) throws -> StandbyOffer? { offer }
    func key() throws -> [UInt8] { [UInt8](repeating: 7, count: 32) }
    func database(_ offer: StandbyOffer, to path: String) throws { try FileBytes.write([1, 2, 3], to: path) }
    func files(
      _ wanted: [StandbyFile], into folder: String, arrived: (StandbyFile, String, [UInt8]?) throws -> Void
    ) throws -> Int { 0 }
    func end(_ offer: StandbyOffer, isHeld: Bool) {}
    func answers() -> Bool { false }
  }

  func testFirstServer_OfANewerVersion_AndOneThatLies_AreRefusedInWords() throws {
    let place = try TemporaryDirectory()
    let directory = try StandbyDirectory(path: place.path + "/standby", from: "x")
    defer { directory.close() }
    let newest = Store.newestSchema
    var offer = StandbyOffer(name: "a", mark: "m", takenAt: "", schema: newest + 1, bytes: 3, sha256: "00")
    offer.version = "9.9"
    let source = MadeUpSource(offer)
    var round = StandbyRound(source: source, directory: directory, clock: .system)
    XCTAssertThrowsError(try round.run()) {
      XCTAssertEqual(
        "\($0)".contains("is wonder 9.9 with schema \(newest + 1), and this one knows up to \(newest)"), true)
    }
    source.offer = StandbyOffer(name: "a", mark: "m", takenAt: "", schema: newest, bytes: 3, sha256: "00")
    XCTAssertThrowsError(try round.run()) { XCTAssertEqual($0 as? StandbyFailure, .damaged("wonder.db")) }
    XCTAssertNil(directory.record.held)
  }
}
