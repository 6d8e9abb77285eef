import Basics
import Foundation
import TestSupport
import XCTest

/// Archives and messages as clients send them.
final class ArchivesTests: XCTestCase {
  /// An archive as Python makes it.
  private func made(_ script: String, _ server: TestServer) throws -> [UInt8] {
    let path = server.directory.path + "/made"
    _ = try Shell.run(["python3", "-c", "import sys, zipfile, tarfile, io\npath = sys.argv[1]\n" + script, path])
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  private let zip = """
    z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    for name, text in (("a.txt", "one"), ("d/a.txt", "two"), ("e/data.json", "[1]"), ("none", "")): z.writestr(name, text)
    z.close()
    """

  private func form(_ target: String, _ type: String = "archive") -> MultipartForm {
    .conversion(from: "auto", to: target, type: type)
  }

  func testFiles_OfAnArchive_AreOutputsOfTheirOwn() throws {
    let server = try TestServer()
    let archive = try made(zip, server)
    let found = try server.outputs(of: form("files").file("files[]", "x.zip", archive))
    XCTAssertEqual(found.map(\.name), ["a.txt", "a-2.txt", "data.json", "none"])
    XCTAssertEqual(found.map(\.text), ["one", "two", "[1]", ""])
    XCTAssertEqual(
      found.map(\.type), ["text/plain", "text/plain", "application/json", "application/octet-stream"])
    let one = try server.outputs(of: form("files").field("archive", "zip").file("files[]", "x.zip", archive))
    XCTAssertEqual(one.map(\.name), ["archive.zip"])
  }

  func testArchive_AloneIsRepacked_AndAmongOthersPacked() throws {
    let server = try TestServer()
    let archive = try made(zip, server)
    let tar = try server.outputs(of: form("tar").file("files[]", "x.zip", archive))
    XCTAssertEqual(tar.map(\.name), ["x.tar"])
    XCTAssertTrue(try XCTUnwrap(tar.first).text.hasPrefix("a.txt\0"))
    XCTAssertEqual(tar.map(\.type), ["application/x-tar"])
    let both = try server.outputs(
      of: form("tar").file("files[]", "x.zip", archive).file("files[]", "y.zip", archive))
    XCTAssertEqual(both.map(\.name), ["archive.tar"])
    XCTAssertTrue(try XCTUnwrap(both.first).text.hasPrefix("x.zip\0"))
    let same = try server.outputs(of: form("zip").file("files[]", "x.zip", archive))
    XCTAssertEqual(same.map(\.name), ["x.zip"])
    XCTAssertTrue(try XCTUnwrap(same.first).text.contains("x.zip"))
  }

  func testTarBecomesZip_ByWhatIsInIt() throws {
    let server = try TestServer()
    let script = """
      t = tarfile.open(path, "w:gz")
      i = tarfile.TarInfo("./b.txt"); i.size = 3; t.addfile(i, io.BytesIO(b"one"))
      t.close()
      """
    let archive = try made(script, server)
    let found = try server.outputs(of: form("zip").file("files[]", "x.tar.gz", archive))
    XCTAssertEqual(found.map(\.name), ["x.zip"])
    XCTAssertTrue(try XCTUnwrap(found.first).text.contains("b.txt"))
    let list = try server.outputs(of: form("json").file("files[]", "x.tar.gz", archive))
    XCTAssertTrue(try XCTUnwrap(list.first).text.contains(#""name":"./b.txt","kind":"file","size":3"#), "\(list)")
  }

  func testMessage_GivesItsTextAndFiles() throws {
    let server = try TestServer()
    let message = """
      From: a@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r
      --x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r
      Content-Disposition: attachment; filename="../a.csv"\r\n\r\n1,2\r\n--x--\r\n
      """
    let form = form("txt", "document").file("files[]", "m.eml", Array(message.utf8))
    let text = try server.outputs(of: form)
    XCTAssertEqual(text.map(\.name), ["m.txt"])
    XCTAssertTrue(try XCTUnwrap(text.first).text.contains("Subject: Grüße\n\nhello\n"), "\(text)")
    let files = try server.outputs(of: self.form("files", "document").file("files[]", "m.eml", Array(message.utf8)))
    XCTAssertEqual(files.map(\.name), ["a.csv"])
    XCTAssertEqual(files.map(\.text), ["1,2"])
  }

  func testHostileArchive_FailsWithItsSentence() throws {
    let server = try TestServer()
    let script = """
      z = zipfile.ZipFile(path, "w")
      z.writestr("../../etc/cron.d/x", "boom")
      z.close()
      """
    let archive = try made(script, server)
    let reply = try server.submit(form("files").file("files[]", "x.zip", archive))
    let end = try server.ended(reply.json["request_id"]?.string ?? "")
    XCTAssertEqual(end.json["job"]?["status"]?.string, "failed", end.text)
    XCTAssertTrue(end.text.contains("leads out of its archive"), end.text)
  }
}
