import Basics
import Foundation
import Storage
import XCTest

@testable import HTTP

final class UploadFormTests: XCTestCase {
  private static let type: [(name: HeaderName, value: String)] = [(.contentType, "multipart/form-data; boundary=b")]
  private static let body =
    "--b\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\njpeg\r\n"
    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"

  func testRead_WithFieldAndFile_SpoolsTheFile() async throws {
    let folder = try makeFolder()
    let form = try await UploadForm.read(request(Self.body), into: Spool(path: folder))
    XCTAssertEqual(form.fields.first { $0.name == "to" }?.value, "jpeg")
    let file = try XCTUnwrap(form.files.first { $0.fieldName == "file" })
    XCTAssertEqual(file.fileName, "a.png")
    XCTAssertEqual(file.contentType, "image/png")
    XCTAssertEqual(file.size, 3)
    XCTAssertEqual(try FileBytes.read(file.path, atMost: 1 << 20), Array("PNG".utf8))
  }

  func testFileInputLeftEmpty_IsAsIfItWereNotThere() async throws {
    let folder = try makeFolder()
    let empty =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"
    let form = try await UploadForm.read(request(empty + Self.body), into: Spool(path: folder))
    XCTAssertEqual(form.files.map(\.fileName), ["a.png"])
    let named = try await UploadForm.read(request(Self.body.replacing("PNG", with: "")), into: Spool(path: folder))
    XCTAssertEqual(named.files.map(\.size), [0], "one with a name and no bytes is for the handler to refuse")
  }

  func testSpoolFile_WithoutOwner_IsRemoved() async throws {
    let folder = try makeFolder()
    _ = try await UploadForm.read(request(Self.body), into: Spool(path: folder))
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
  }

  func testRead_WithRefusedForms_LeavesNoFile() async throws {
    let folder = try makeFolder()
    let field = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"
    let refused = [
      (400, String(Self.body.dropLast(6))), (400, Self.body.replacing("; name=\"to\"", with: "")),
      (413, Self.body.replacing("jpeg", with: String(repeating: "a", count: 70_000))), (400, ""), (400, field),
    ]
    for (status, body) in refused {
      do {
        _ = try await UploadForm.read(request(body), into: Spool(path: folder))
        XCTFail("accepted \(body.prefix(99))")
      } catch {
        XCTAssertEqual((error as? HTTPFailure)?.status.code, status)
      }
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
  }

  func testRead_WithClientGone_RemovesTheSpoolFile() async throws {
    let folder = try makeFolder()
    let (outcomes, outcome) = AsyncStream<String>.makeStream()
    let route = Route(.post, "/upload", bodyLimit: .max) { request in
      do {
        _ = try await UploadForm.read(request, into: Spool(path: folder))
      } catch {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        outcome.yield("\((error as? HTTPFailure)?.word ?? "") \(names.count)")
        throw error
      }
      return Response(.ok)
    }
    let router = Router(groups: [RouteGroup([route], refuse: refusal("group"))], fallback: refusal("fallback"))
    let server = Server(router: router, log: .silent, listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    defer { server.stop() }
    let client = try RawClient(port: server.ports[0])
    let head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n"
    try client.send(head + "Content-Type: multipart/form-data; boundary=b\r\n\r\n" + Self.body.dropLast(7))
    try client.send([UInt8](repeating: 7, count: 200_000))
    client.reset()
    var iterator = outcomes.makeAsyncIterator()
    let first = await iterator.next()
    XCTAssertEqual(first, "disconnected 0")
  }

  private func request(_ body: String) -> Request {
    Request(.post, "/", headers: Headers(Self.type), body: RequestBody(bytes: Array(body.utf8)))
  }

  private func makeFolder() throws -> String {
    let path = NSTemporaryDirectory() + "wonder-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    addTeardownBlock { try FileManager.default.removeItem(atPath: path) }
    return path
  }
}
