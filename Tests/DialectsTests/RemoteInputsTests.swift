import Basics
import Foundation
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Jobs whose files are fetched, from servers that are good, slow, lying or not to be called.
final class RemoteInputsTests: XCTestCase {
  private static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  private func serving(
    _ answer: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer
  ) throws -> WebhookReceiver {
    let receiver = try WebhookReceiver(answer: answer)
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private static func file(_ bytes: [UInt8]) -> WebhookReceiver.Answer {
    .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8) + bytes)
  }

  private func submit(
    _ server: TestServer, _ inputs: String, _ headers: [(String, String)] = []
  ) throws -> TestReply {
    let text = #"{"conversion_type":"image","from":"png","to":"jpg","inputs":[\#(inputs)]}"#
    return try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")] + headers,
      body: Array(text.utf8))
  }

  private func outcome(_ server: TestServer, _ url: String, from: String = "png") throws -> TestReply {
    let text =
      #"{"conversion_type":"image","from":"\#(from)","to":"jpg","sync":true,"inputs":[{"url":"\#(url)"}]}"#
    let reply = try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")], body: Array(text.utf8))
    XCTAssertEqual(reply.status, 200, reply.text)
    return reply
  }

  func testFileByAddress_IsConvertedAndNamedAfterIt() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in Self.file(SamplePictures.photo) }
    let reply = try outcome(server, "http://127.0.0.1:\(source.port)/pictures/My%20photo.png?size=1#x")
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(reply.json["outputs"]?[0]?["file_name"]?.string, "My photo.jpg")
    let link = reply.json["outputs"]?[0]?["download_url"]?.string
    XCTAssertEqual(try server.client.get(server.path(of: link)).body.prefix(3), [0xFF, 0xD8, 0xFF])
    XCTAssertEqual(source.requests.map(\.path), ["/pictures/My%20photo.png?size=1"])
    XCTAssertTrue(source.requests.first?["user-agent"]?.hasPrefix("wonder/") ?? false)
    let usage = try server.client.get("/api/v1/usage", key: server.key).json
    XCTAssertEqual(usage["usage"]?["api"]?["bytes"]?.integer, Int64(SamplePictures.photo.count))
    XCTAssertEqual(usage["api_jobs"]?["completed"]?.integer, 1)
    XCTAssertEqual(usage["api_jobs"]?["pending"]?.integer, 0)
  }

  func testFileThatComesCoded_IsDecodedAndCountedAsItComesOut() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/photo.png"
    try Data(SamplePictures.photo).write(to: URL(fileURLWithPath: path))
    XCTAssertEqual(try Shell.run("gzip", "-k", path).code, 0)
    let zeros = folder.path + "/zeros"
    XCTAssertEqual(try Shell.run("sh", "-c", "head -c 3000000 /dev/zero | gzip -c > \(zeros)").code, 0)
    let (coded, bomb) = try (
      Array(Data(contentsOf: URL(fileURLWithPath: path + ".gz"))), Array(Data(contentsOf: URL(fileURLWithPath: zeros)))
    )
    let server = try TestServer(settings: Self.loopback.merging(["WONDER_MAX_UPLOAD": "1MB"]) { $1 })
    for coding in ["gzip", "x-gzip"] {
      let source = try serving { request in
        let body = request.path.hasSuffix("bomb") ? bomb : coded
        return .raw(
          Array("HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
      }
      let reply = try outcome(server, source.url)
      XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
      let large = try outcome(server, source.url + "bomb")
      XCTAssertEqual(large.json["job"]?["error_code"]?.string, "download_too_large", large.text)
    }
    let unknown = try serving { _ in .status(200, headers: [("Content-Encoding", "rot13")], body: "x") }
    XCTAssertEqual(try outcome(server, unknown.url).json["job"]?["status"]?.string, "failed")
  }

  func testServersName_CountsWhenTheClientGivesNone() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in
      let head =
        "HTTP/1.1 200 OK\r\nContent-Length: \(SamplePictures.photo.count)\r\n"
        + "Content-Disposition: attachment; filename=\"x.png\"; filename*=UTF-8''na%C3%AFve.png\r\n\r\n"
      return .raw(Array(head.utf8) + SamplePictures.photo)
    }
    let url = "http://127.0.0.1:\(source.port)/download?id=6"
    XCTAssertEqual(try outcome(server, url).json["outputs"]?[0]?["file_name"]?.string, "na\u{ef}ve.jpg")
    let named = try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")],
      body: Array(
        #"{"conversion_type":"image","from":"png","to":"jpg","sync":true,"inputs":[{"url":"\#(url)","file_name":"mine.png"}]}"#
          .utf8))
    XCTAssertEqual(named.json["outputs"]?[0]?["file_name"]?.string, "mine.jpg")
  }

  func testAnyFormat_IsWhatTheFileTurnsOutToBe() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in Self.file(SamplePictures.photo) }
    let reply = try outcome(server, source.url, from: "auto")
    XCTAssertEqual(reply.json["job"]?["source_format"]?.string, "png", reply.text)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed")
  }

  func testFilesByAddressAndInBase64_MakeOneJobInTheirOrder() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in Self.file(SamplePictures.photo) }
    let base64 = Data(SamplePictures.photo).base64EncodedString()
    let reply = try submit(
      server,
      #"{"url":"\#(source.url)","file_name":"one.png"},{"base64":"\#(base64)","file_name":"two.png"},"#
        + #"{"url":"\#(source.url)","file_name":"three.png"}"#)
    let end = try server.ended(reply.json["request_id"]?.string ?? "")
    XCTAssertEqual(
      end.json["outputs"]?.array?.map { $0["file_name"]?.string }, ["one.jpg", "two.jpg", "three.jpg"])
  }

  func testWhatCannotBeHad_FailsTheJobWithItsOwnReason() throws {
    let server = try TestServer(
      settings: Self.loopback.merging(["WONDER_MAX_UPLOAD": "200KB", "WONDER_DOWNLOAD_TIME": "1s"]) { $1 })
    let closed = try WebhookReceiver { _ in .status(200) }
    closed.close()
    let png = SamplePictures.photo
    let cases: [(name: String, answer: WebhookReceiver.Answer, code: String, words: String)] = [
      ("missing", .status(404), "download_status", "answered with status 404"),
      ("empty", .status(200), "download_empty", "empty file"),
      (
        "page", .status(200, body: "<!doctype html><p>hi"), "download_wrong_type", "declared as PNG but is an HTML page"
      ),
      ("short", .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n".utf8) + png), "download_lost", "lost"),
      ("large", .status(200, body: String(repeating: "x", count: 204_801)), "download_too_large", "204800 bytes"),
      (
        "endless", .raw(Array(("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 300_000)).utf8)),
        "download_too_large", "204800 bytes"
      ),
      ("slow", .drip(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), "download_timeout", "longer than it may"),
      ("silent", .hang, "download_timeout", "longer than it may"),
      ("nonsense", .raw(Array("SSH-2.0-x\r\n".utf8)), "download_failed", "not an HTTP answer"),
      ("reset", .reset, "download_lost", "lost"),
    ]
    for (name, answer, code, words) in cases {
      let source = try serving { _ in answer }
      let reply = try outcome(server, "http://127.0.0.1:\(source.port)/\(name).png")
      XCTAssertEqual(reply.json["job"]?["error_code"]?.string, code, reply.text)
      let message = reply.json["job"]?["error_message"]?.string ?? ""
      XCTAssertTrue(message.hasPrefix("\(name).png ") && message.contains(words), message)
    }
    let gone = try outcome(server, "http://127.0.0.1:\(closed.port)/a.png")
    XCTAssertEqual(gone.json["job"]?["error_code"]?.string, "download_connect")
    let unnamed = try outcome(server, "http://no-such-host.invalid/a.png")
    XCTAssertEqual(unnamed.json["job"]?["error_code"]?.string, "download_connect", unnamed.text)
    XCTAssertEqual(try server.files(), [])
  }

  func testRedirects_AreFollowedFiveTimesAndCheckedEachTime() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { request in
      let left = Int(request.path.dropFirst()) ?? 0
      return left == 0 ? Self.file(SamplePictures.photo) : .status(302, headers: [("Location", "/\(left - 1)")])
    }
    let five = try outcome(server, "http://127.0.0.1:\(source.port)/5")
    XCTAssertEqual(five.json["job"]?["status"]?.string, "completed", five.text)
    let six = try outcome(server, "http://127.0.0.1:\(source.port)/6")
    XCTAssertEqual(six.json["job"]?["error_code"]?.string, "download_redirect", six.text)
    let away = try serving { _ in .status(301, headers: [("Location", "ftp://127.0.0.1/a")]) }
    XCTAssertEqual(try outcome(server, away.url).json["job"]?["error_code"]?.string, "download_redirect")
    XCTAssertEqual(try server.files().count, 2)
  }

  func testLoopback_IsNeverCalledUnlessItIsAllowed() throws {
    let server = try TestServer()
    let canary = try serving { _ in Self.file(SamplePictures.photo) }
    for host in ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433"] {
      let reply = try outcome(server, "http://\(host):\(canary.port)/a.png")
      XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "download_connect", reply.text)
      XCTAssertTrue(reply.json["job"]?["error_message"]?.string?.hasSuffix("could not connect") ?? false)
    }
    // The server itself is not to be called even where its network is.
    let open = try TestServer(settings: Self.loopback)
    let own = try outcome(open, "http://127.0.0.1:\(open.client.port)/samples/photo.png")
    XCTAssertEqual(own.json["job"]?["error_code"]?.string, "download_connect", own.text)
    XCTAssertEqual(canary.requests.count, 0)
  }

  /// What a customer could learn of the network inside by asking for files in it: nothing but these words.
  func testWhatReachesNoServer_IsToldInTheSameWords() throws {
    let settings = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32", "WONDER_DOWNLOAD_TIME": "1s"]
    let server = try TestServer(settings: settings)
    let closed = try WebhookReceiver { _ in .status(200) }
    closed.close()
    let canary = try serving { _ in Self.file(SamplePictures.photo) }
    let silent = try FullBacklog()
    let lure = try serving { _ in .status(302, headers: [("Location", "http://10.0.0.1/")]) }
    let targets = [
      "http://no-such-host.invalid", "http://127.0.0.1:\(closed.port)", "http://127.0.0.2:\(canary.port)",
      "http://10.0.0.1",
      "http://169.254.169.254", "http://[::1]:\(canary.port)", "http://127.0.0.1:22", "http://127.0.0.1:\(silent.port)",
      "http://127.0.0.1:\(server.client.port)", "https://127.0.0.1:\(closed.port)", "http://127.0.0.1:\(lure.port)",
      "http://[::ffff:127.0.0.1]:\(canary.port)",
    ]
    for target in targets {
      let job = try outcome(server, "\(target)/a.png").json["job"]
      XCTAssertEqual(job?["error_code"]?.string, "download_connect", target)
      XCTAssertEqual(job?["error_message"]?.string, "a.png could not be fetched: could not connect", target)
    }
    XCTAssertEqual(canary.requests.count, 0)
  }

  func testRedirectToLoopback_IsRefused() throws {
    let canary = try serving { _ in Self.file(SamplePictures.photo) }
    let port = canary.port
    let lure = try serving { _ in .status(302, headers: [("Location", "http://127.0.0.2:\(port)/")]) }
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32"])
    let reply = try outcome(server, lure.url)
    XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "download_connect", reply.text)
    XCTAssertEqual(canary.requests.count, 0)
  }

  func testCanceledJob_LetsItsFileGo() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in .hang }
    let id = try submit(server, #"{"url":"\#(source.url)"}"#).json["request_id"]?.string ?? ""
    _ = source.wait(for: 1)
    let shown = try server.client.get("/api/v1/jobs/\(id)", key: server.key)
    XCTAssertEqual(shown.json["job"]?["status"]?.string, "pending")
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: server.key).json["api_jobs"]?["pending"]?.integer, 1)
    XCTAssertEqual(try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key).status, 200)
    while try !server.files().isEmpty { sched_yield() }
    let ended = try server.client.get("/api/v1/jobs/\(id)", key: server.key)
    XCTAssertEqual(ended.json["job"]?["status"]?.string, "canceled")
  }

  func testRepetition_KnowsTheAddressAgain() throws {
    let server = try TestServer(settings: Self.loopback)
    let source = try serving { _ in Self.file(SamplePictures.photo) }
    let input = #"{"url":"\#(source.url)"}"#
    let key = [("Idempotency-Key", "run-1")]
    let first = try submit(server, input, key)
    XCTAssertEqual(first.status, 202)
    let again = try submit(server, input, key)
    XCTAssertEqual(again.status, 200)
    XCTAssertEqual(again.json["request_id"], first.json["request_id"])
    let other = try submit(server, #"{"url":"\#(source.url)/other"}"#, key)
    XCTAssertEqual(other.json["code"]?.string, "idempotency_mismatch")
  }

  func testFileBeyondTheQuota_FailsItsJob() throws {
    let server = try TestServer(
      settings: Self.loopback, prepare: { try $0.run("UPDATE plans SET max_stored = 1000 WHERE name = 'enterprise'") })
    let source = try serving { _ in Self.file(SamplePictures.photo) }
    let reply = try outcome(server, source.url)
    XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "download_over_quota", reply.text)
    XCTAssertEqual(try server.files(), [])
  }

  func testServerThatDiesWhileItFetches_BeginsAgain() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "w", plan: "enterprise")
    let isReady = Atomic(false)
    let source = try serving { _ in isReady.load(ordering: .acquiring) ? Self.file(SamplePictures.photo) : .hang }
    let first = try ServedProgram(data: data, environment: Self.loopback)
    let body = #"{"conversion_type":"image","from":"png","to":"jpg","inputs":[{"url":"\#(source.url)"}]}"#
    let receipt = try first.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", "application/json")], body: Array(body.utf8))
    XCTAssertEqual(receipt.status, 202, receipt.text)
    _ = source.wait(for: 1)
    first.end(SIGKILL)
    isReady.store(true, ordering: .releasing)
    let second = try ServedProgram(data: data, environment: Self.loopback)
    defer { second.end(SIGKILL) }
    let path = "/api/v1/jobs/\(receipt.json["request_id"]?.string ?? "")"
    var status = ""
    while !["completed", "failed"].contains(status) {
      status = try second.client.get(path, key: key).json["job"]?["status"]?.string ?? ""
      sched_yield()
    }
    XCTAssertEqual(status, "completed")
    XCTAssertEqual(source.requests.count, 2)
  }
}
