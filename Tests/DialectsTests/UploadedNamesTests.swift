import Basics
import TestSupport
import XCTest

/// Names of uploaded files, which are whatever a client sends: they come back as text that harms nobody, or are refused.
final class UploadedNamesTests: XCTestCase {
  /// One file under a name as bytes, in a form as curl writes it.
  private func form(_ name: [UInt8], parameter: String = "filename=\"") -> [UInt8] {
    let form = MultipartForm.conversion().file("files[]", "NAME", SamplePictures.photo).body
    let mark = Array("filename=\"NAME".utf8)
    guard let start = form.indices.first(where: { form[$0...].starts(with: mark) }) else { return form }
    return Array(form[..<start]) + Array(parameter.utf8) + name + Array(form[(start + mark.count)...])
  }

  private func submit(_ server: TestServer, _ body: [UInt8]) throws -> TestReply {
    try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", MultipartForm.conversion().contentType)], body: body)
  }

  /// The name of the output, as its link, its download and its document have it.
  private func outputName(_ server: TestServer, _ reply: TestReply) throws -> String {
    let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
    let job = try server.ended(id)
    let output = try XCTUnwrap(job.json["outputs"]?[0], job.text)
    let download = try server.client.get(server.path(of: output["download_url"]?.string))
    XCTAssertEqual(download.status, 200)
    let disposition = try XCTUnwrap(download.header("Content-Disposition"))
    XCTAssertTrue(disposition.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, disposition)
    let exact = try XCTUnwrap(disposition.firstMatch(of: /filename\*=UTF-8''(\S+)/)?.1)
    return try XCTUnwrap(PercentEncoding.decode(exact.utf8))
  }

  func testNames_ComeBackHarmless() throws {
    let server = try TestServer()
    let long = String(repeating: "x", count: 3000)
    let cases: [([UInt8], String)] = [
      (Array("caf".utf8) + [0xE9] + Array(".png".utf8), "caf\u{FFFD}.jpg"), ([0xFF, 0xFE], "\u{FFFD}\u{FFFD}.jpg"),
      ([0xE3, 0x83] + Array(".png".utf8), "\u{FFFD}.jpg"), (Array("文字.png".utf8), "文字.jpg"),
      (Array("../../etc/passwd".utf8), "passwd.jpg"), (Array("..".utf8), "file.jpg"), (Array("/".utf8), "file.jpg"),
      (Array("..\\..\\a.png".utf8), "a.jpg"), (Array("-rf.png".utf8), "-rf.jpg"), (Array("--help".utf8), "--help.jpg"),
      (Array("\(long).png".utf8), String(repeating: "x", count: 251) + ".jpg"), (Array("a\tb.png".utf8), "ab.jpg"),
      (Array("\u{202E}gnp.exe".utf8), "gnp.jpg"), (Array("a\u{AD}\u{2060}\u{61C}b.png".utf8), "ab.jpg"),
      (Array("a\u{E0041}\u{FFFF}.png".utf8), "a.jpg"), (Array("CON .png".utf8), "_CON .jpg"),
      (Array("com\u{B9}.png".utf8), "_com\u{B9}.jpg"), (Array("...".utf8), "file.jpg"), (Array("   ".utf8), "file.jpg"),
      (Array("$(id)`id`;&.png".utf8), "$(id)`id`;&.jpg"), (Array("%00%2e%2e%2f.png".utf8), "%00%2e%2e%2f.jpg"),
    ]
    for (name, expected) in cases {
      let reply = try submit(server, form(name))
      XCTAssertEqual(reply.status, 202, "\(expected): \(reply.text)")
      XCTAssertEqual(try outputName(server, reply), expected)
    }
    let exact: [(String, String)] = [
      ("UTF-8''a%0D%0Ac%2F..%2F%1B%5B31m.png", "[31m.jpg"), ("UTF-8''%E6%96%87.png", "文.jpg"),
    ]
    for (name, expected) in exact {
      let reply = try submit(server, form(Array(name.utf8) + Array("; x=\"".utf8), parameter: "filename*="))
      XCTAssertEqual(try outputName(server, reply), expected)
    }
  }

  func testNamesThatBreakTheForm_AreRefusedOrHarmless() throws {
    let server = try TestServer()
    let exact = try submit(server, form(Array("UTF-8''a%00b; x=\"".utf8), parameter: "filename*="))
    XCTAssertEqual(exact.status, 400, exact.text)
    let odd: [[UInt8]] = [
      Array("a\0b.png".utf8), [0], Array("a\rb.png".utf8), Array("a\nb.png".utf8),
      Array("a\r\nX-Evil: 1\r\n\r\nb.png".utf8),
      Array("a\u{1B}[31m.png".utf8), Array("a\"; filename=\"b".utf8), Array("a\"b.png".utf8),
      [0x7F, 0x80, 0x9F, 0xC2, 0x85],
    ]
    for name in odd {
      let reply = try submit(server, form(name))
      if reply.status == 202 {
        let back = try outputName(server, reply)
        XCTAssertFalse(back.unicodeScalars.contains(where: HiddenText.isHidden), back)
      } else {
        XCTAssertEqual(reply.status, 400, reply.text)
        XCTAssertNotNil(reply.json["message"]?.string, reply.text)
      }
    }
    // An empty name is an input that was left empty, unless there are bytes.
    let empty = try submit(server, form([]))
    XCTAssertTrue([202, 422].contains(empty.status), empty.text)
    XCTAssertEqual(try server.client.get("/healthz").status, 200)
  }

  func testTwoFilesWhoseNamesBecomeOne_StayTwoOutputs() throws {
    let server = try TestServer()
    let one = MultipartForm.conversion().file("files[]", "NAME", SamplePictures.photo).file(
      "files[]", "a\u{200B}.png", SamplePictures.photo
    ).file("files[]", "../A.png", SamplePictures.photo)
    let text = try server.submit(one.file("files[]", "a.png", SamplePictures.photo))
    let job = try server.ended(XCTUnwrap(text.json["request_id"]?.string, text.text))
    let links = job.json["outputs"]?.array?.compactMap { $0["download_url"]?.string?.split(separator: "/").last } ?? []
    XCTAssertEqual(links.count, 4, job.text)
    XCTAssertEqual(Set(links.map { $0.lowercased() }).count, 4, job.text)
  }
}
