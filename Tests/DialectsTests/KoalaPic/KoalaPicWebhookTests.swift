import Basics
import TestSupport
import XCTest

/// The address that comes with a request of KoalaPic's API, as the vendor's page describes it.
final class KoalaPicWebhookTests: XCTestCase {
  private let picture = MultipartForm().field("output_format", "bmp").file("file", "photo.png", SamplePictures.photo)

  private func served() throws -> TestServer {
    try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
  }

  private func receiver() throws -> WebhookReceiver {
    let receiver = try WebhookReceiver()
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func endpoint(_ server: TestServer, _ receiver: WebhookReceiver) throws {
    let body = #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"koalapic"}"#
    XCTAssertEqual(try server.admin("POST", "/endpoints", body).status, 201)
  }

  private func send(_ server: TestServer, _ form: MultipartForm, to path: String = "/api/v1/convert") throws -> String {
    let reply = try server.client.send(
      "POST", path, [("Authorization", "Bearer \(server.key)"), ("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(reply.status, 202, reply.text)
    return reply.json["id"]?.string ?? reply.json["job_id"]?.string ?? ""
  }

  func testItsAddress_IsToldInsteadOfTheGlobalOne_SignedWithTheSecretOfTheKey() throws {
    let server = try served()
    let (own, global) = try (receiver(), receiver())
    try endpoint(server, global)
    let id = try send(server, picture.field("webhook_url", own.url))
    let told = try XCTUnwrap(own.wait(for: 1).first)
    XCTAssertEqual(told.json["event"]?.string, "conversion.completed")
    XCTAssertEqual(told.json["data"]?["job_id"]?.string, id)
    let link = server.path(of: told.json["data"]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(link).status, 200, link)
    let code = Hexadecimal.encode(HMAC(key: Array("whsec_test".utf8)).code(for: told.body))
    XCTAssertEqual(told[exact: "X-KoalaPic-Signature"], code)
    XCTAssertEqual(told["user-agent"], "KoalaPic-Webhooks/1.0")
    // Without an address the global one is told, and of this conversion alone.
    let other = try send(server, picture)
    XCTAssertEqual(global.wait(for: 1).map { $0.json["data"]?["job_id"]?.string }, [other])
    XCTAssertEqual(own.requests.count, 1)
  }

  func testABatchWithADamagedFile_IsToldOnceAsFailed() throws {
    let server = try served()
    let (own, global) = try (receiver(), receiver())
    try endpoint(server, global)
    let files = MultipartForm().field("output_format", "bmp").file("files", "good.png", SamplePictures.photo)
      .file("files", "bad.png", Array(SamplePictures.photo.prefix(2000)))
    _ = try send(server, files.field("webhook_url", own.url), to: "/api/v1/convert/batch")
    let told = try XCTUnwrap(own.wait(for: 1).first)
    XCTAssertEqual(told.json["event"]?.string, "job.failed")
    XCTAssertEqual(told.json["data"]?["items"]?.array?.compactMap { $0["filename"]?.string }, ["good.bmp"])
    _ = try send(server, files, to: "/api/v1/convert/batch")
    XCTAssertEqual(global.wait(for: 1).map { $0.json["event"]?.string }, ["job.failed"])
  }
}
