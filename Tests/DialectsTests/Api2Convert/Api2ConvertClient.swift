import Basics
import Glibc
import TestSupport
import XCTest

/// A client of api2convert's API, as the vendor's SDKs are.
struct Api2ConvertClient {
  let server: TestServer

  static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  func send(
    _ method: String, _ path: String, _ body: String = "", _ fields: [(String, String)]? = nil
  ) throws -> TestReply {
    try server.client.send(
      method, path, fields ?? [("X-Api2convert-Api-Key", server.key)], body: Array(body.utf8))
  }

  /// A new job; what is refused fails the test.
  func create(_ body: String) throws -> JSONValue {
    let reply = try send("POST", "/v2/jobs", body)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json
  }

  func job(_ id: String) throws -> JSONValue { try send("GET", "/v2/jobs/\(id)").json }

  /// With the token alone, as the SDKs do.
  @discardableResult
  func upload(_ job: JSONValue, _ name: String = "photo.png", _ bytes: [UInt8] = SamplePictures.photo) throws
    -> TestReply
  {
    let form = MultipartForm().file("file", name, bytes)
    return try server.client.send(
      "POST", "/upload-file/\(job["id"]?.string ?? "")",
      [("X-Api2convert-Token", job["token"]?.string ?? ""), ("Content-Type", form.contentType)], body: form.body)
  }

  func ended(_ id: String) throws -> JSONValue {
    while true {
      let job = try job(id)
      if ["completed", "failed", "canceled"].contains(job["status"]?["code"]?.string ?? "failed") { return job }
      sched_yield()
    }
  }

  /// What a new job has made.
  func outputs(of body: String) throws -> [JSONValue] {
    let done = try ended(create(body)["id"]?.string ?? "")
    XCTAssertEqual(done["status"]?["code"]?.string, "completed", done.text)
    return done["output"]?.array ?? []
  }

  /// A picture as the descriptor of an input.
  static func picture(_ name: String = "photo.png", _ bytes: [UInt8] = SamplePictures.photo) -> String {
    #"{"type":"base64","source":"\#(Base64.encode(bytes))","filename":"\#(name)"}"#
  }
}
