import Basics
import HTTP
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Convertly's jobs, as its libraries make them and ask about them.
final class ConvertlyJobsTests: XCTestCase {
  private let photo = SamplePictures.photo
  private let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

  func testJob_IsAcceptedByItsUUID_AndToldOf() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("files[0]", "a.png", photo).file("files[1]", "b.png", Array(photo.prefix(300)))
    let reply = try client.post(
      "/api/jobs",
      form.field("jobType", "convert").field("saveToStorage", "true").field("formats", #"["jpg","jpg"]"#).field(
        "compressions", "[82,82]"
      ).field("resizes", #"["original","original"]"#).field("createArchive", "false"))
    let id = try XCTUnwrap(reply.json["jobId"]?.string, reply.text)
    XCTAssertNotNil(id.wholeMatch(of: uuid), id)
    XCTAssertNotNil(reply.json["status"]?.string)
    let job = try client.ended(id)
    XCTAssertEqual(job.json["status"]?.string, "completed", job.text)
    XCTAssertEqual(job.json["jobType"]?.string, "convert")
    XCTAssertEqual(
      ["totalFiles", "completedFiles", "failedFiles", "progress"].map { job.json[$0]?.integer }, [2, 1, 1, 100])
    XCTAssertEqual(job.json["errorMessage"], .null)
    XCTAssertEqual(job.json["results"]?[0]?["filename"]?.string, "a.jpg")
    XCTAssertNotNil(job.json["results"]?[1]?["error"]?.string)
    let link = job.json["results"]?[0]?["downloadUrl"]?.string
    XCTAssertEqual(try client.server.client.get(client.server.path(of: link)).status, 200)
    let list = try client.get("/api/jobs?limit=1&offset=0&status=completed")
    XCTAssertEqual(list.json["jobs"]?[0]?["jobId"]?.string, id, list.text)
    XCTAssertEqual(
      list.json["pagination"]?.text, #"{"limit":1,"offset":0,"total":1,"hasMore":false}"#)
    XCTAssertEqual(try client.get("/api/jobs?status=pending").json["jobs"], .array([]))
    XCTAssertEqual(try client.get("/api/jobs?limit=101").status, 400)
    XCTAssertTrue(try client.get("/api/jobs?status=x").text.contains("valid: pending, processing, completed, failed"))
    let cancel = try client.delete("/api/jobs/" + id)
    XCTAssertEqual(cancel.status, 409)
    XCTAssertTrue(cancel.json["error"]?.string?.contains("completed") ?? false, cancel.text)
  }

  func testJobOfOthers_IsUnknown() throws {
    let server = try TestServer()
    let client = ConvertlyClient(server: server)
    let id =
      try client.post("/api/jobs", MultipartForm().file("files", "a.png", photo).field("format", "jpg")).json["jobId"]?
      .string ?? ""
    XCTAssertEqual(try client.ended(id).status, 200)
    _ = try server.admin("POST", "/workspaces", #"{"slug":"other","plan":"pro"}"#)
    let key = try server.admin("POST", "/keys", #"{"workspace":"other"}"#).json["key"]?["key"]?.string ?? ""
    let other = ConvertlyClient(server: server, key: key)
    XCTAssertEqual(try other.get("/api/jobs/" + id).status, 404)
    XCTAssertEqual(try other.delete("/api/jobs/" + id).status, 404)
    XCTAssertEqual(try other.get("/api/jobs").json["jobs"], .array([]))
    XCTAssertEqual(try client.get("/api/jobs/req_x").status, 404)
    XCTAssertEqual(try server.submit(MultipartForm.conversion().file("files[]", "a.png", photo)).status, 202)
    XCTAssertEqual(try client.get("/api/jobs").json["pagination"]?["total"]?.integer, 1, "others are of another API")
  }

  func testSameIdempotencyKey_GivesTheExistingJob() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("files", "a.png", photo).field("format", "jpg")
    let first = try client.post("/api/jobs", form.field("idempotencyKey", "k1"), [("Idempotency-Key", "k1")])
    let id = try XCTUnwrap(first.json["jobId"]?.string, first.text)
    XCTAssertEqual(try client.post("/api/jobs", form.field("idempotencyKey", "k1")).json["jobId"]?.string, id)
    let changed = form.field("compression", "5")
    XCTAssertEqual(try client.post("/api/jobs", changed, [("Idempotency-Key", "k1")]).json["jobId"]?.string, id)
    XCTAssertNotEqual(try client.post("/api/jobs", form.field("idempotencyKey", "k2")).json["jobId"]?.string, id)
    XCTAssertEqual(try client.get("/api/jobs").json["pagination"]?["total"]?.integer, 2)
  }

  func testArchive_HasAllResults_AndCompressIsAJobToo() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("files", "a.png", photo).file("files", "b.png", photo)
    let reply = try client.post(
      "/api/jobs", form.field("formats", #"["jpg","bmp"]"#).field("createArchive", "true"))
    let job = try client.ended(reply.json["jobId"]?.string ?? "")
    XCTAssertEqual(job.json["results"]?.array?.count, 1, job.text)
    XCTAssertEqual(job.json["results"]?[0]?["mimeType"]?.string, "application/zip")
    XCTAssertEqual(job.json["completedFiles"]?.integer, 2)
    let small = try client.post("/api/jobs", form.field("jobType", "compress").field("quality", "50"))
    let end = try client.ended(small.json["jobId"]?.string ?? "")
    XCTAssertEqual(end.json["jobType"]?.string, "compress", end.text)
    XCTAssertEqual(end.json["completedFiles"]?.integer, 2)
  }

  func testOnlyAPendingJob_CanBeCanceled() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let client = ConvertlyClient(server: server)
    let source = try WebhookReceiver { _ in .hang }
    defer { source.close() }
    let reply = try client.post(
      "/api/jobs",
      MultipartForm().field("sourceUrl", "http://127.0.0.1:\(source.port)/a.png").field("format", "jpg"))
    XCTAssertEqual(reply.json["status"]?.string, "pending", reply.text)
    let id = reply.json["jobId"]?.string ?? ""
    let cancel = try client.delete("/api/jobs/" + id)
    XCTAssertEqual(cancel.status, 200, cancel.text)
    XCTAssertEqual(cancel.json["success"]?.boolean, true)
    let job = try client.get("/api/jobs/" + id)
    XCTAssertEqual(job.json["status"]?.string, "failed")
    XCTAssertEqual(job.json["errorMessage"]?.string, "The job was canceled.")
    XCTAssertEqual(try client.delete("/api/jobs/" + id).status, 409)
  }

  func testCallback_IsTold_SignedWithTheJobsOwnSecret() throws {
    let receiver = try WebhookReceiver()
    defer { receiver.close() }
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let client = ConvertlyClient(server: server)
    let reply = try client.post(
      "/api/jobs",
      MultipartForm().file("files", "a.png", photo).field("format", "jpg").field("callbackUrl", receiver.url).field(
        "callbackSecret", "cb_secret"))
    let id = reply.json["jobId"]?.string ?? ""
    XCTAssertEqual(try client.ended(id).json["status"]?.string, "completed")
    let told = try XCTUnwrap(receiver.wait(for: 1).last)
    let stamp = told["convertly-timestamp"] ?? ""
    let code = HMAC(key: Array("cb_secret".utf8)).code(for: Array((stamp + ".").utf8) + told.body)
    XCTAssertEqual(told["convertly-signature"], "t=\(stamp),v1=\(Hexadecimal.encode(code))")
  }
}
