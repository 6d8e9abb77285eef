import Basics
import Synchronization
import TestSupport
import XCTest

/// Sending webhooks again: what has failed goes to whom it has failed at, and to nobody else.
final class ReplayTests: XCTestCase {
  private let allowed = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  /// A receiver that is broken until it is mended; 410 is final, and turns its endpoint off.
  private final class Mendable: Sendable {
    private let isBroken = Mutex(true)
    func mend() { isBroken.withLock { $0 = false } }
    var answer: WebhookReceiver.Answer { .status(isBroken.withLock { $0 } ? 410 : 200) }
  }

  private func endpoint(_ server: TestServer, _ receiver: WebhookReceiver) throws -> Int64 {
    let body = #"{"workspace":"api-workspace","url":"\#(receiver.url)","events":"conversion.completed"}"#
    return try XCTUnwrap(try server.admin("POST", "/endpoints", body).json["endpoint"]?["id"]?.integer)
  }

  private func submit(_ server: TestServer) throws -> String {
    let reply = try server.submit(.conversion().file("files[]", "p.png", SamplePictures.photo))
    return reply.json["request_id"]?.string ?? ""
  }

  /// Asks until so many deliveries have that status.
  private func wait(_ server: TestServer, _ status: String, _ count: Int) throws {
    while try server.admin("GET", "/deliveries?status=\(status)").json["deliveries"]?.array?.count != count {}
  }

  /// A server with a healthy endpoint and one at which the webhook of a job has failed, which is on again and mended.
  private func failing() throws -> (
    server: TestServer, good: WebhookReceiver, bad: WebhookReceiver, endpoints: [Int64], job: String
  ) {
    let server = try TestServer(settings: allowed)
    let state = Mendable()
    let good = try WebhookReceiver()
    let bad = try WebhookReceiver { _ in state.answer }
    addTeardownBlock {
      good.close()
      bad.close()
    }
    let endpoints = try [endpoint(server, good), endpoint(server, bad)]
    let job = try submit(server)
    _ = try server.ended(job)
    try wait(server, "failed", 1)
    try wait(server, "delivered", 1)
    state.mend()
    XCTAssertEqual(try server.admin("POST", "/endpoints/\(endpoints[1])/enable").status, 200)
    return (server, good, bad, endpoints, job)
  }

  func testList_IsNarrowedByEveryField_AloneAndTogether() throws {
    let (server, _, _, endpoints, job) = try failing()
    let later = try submit(server)
    _ = try server.ended(later)
    try wait(server, "delivered", 3)
    let (good, bad) = (endpoints[0], endpoints[1])
    for (query, count) in [
      ("", 4), ("job=\(job)", 2), ("job=\(later)", 2), ("endpoint=\(good)", 2), ("endpoint=\(bad)", 2),
      ("job=\(job)&endpoint=\(bad)", 1), ("job=\(job)&status=failed", 1), ("job=\(later)&status=failed", 0),
      ("endpoint=\(bad)&status=delivered", 1), ("workspace=api-workspace&job=\(job)&status=delivered", 1),
      ("endpoint=99", 0), ("job=\(job)&limit=1", 1),
    ] {
      let reply = try server.admin("GET", "/deliveries?" + query)
      XCTAssertEqual(reply.json["deliveries"]?.array?.count, count, query)
    }
    XCTAssertEqual(try server.admin("GET", "/deliveries?job=req_none").status, 404)
    _ = try server.admin("POST", "/workspaces", #"{"slug":"other"}"#)
    let session = try server.signIn("else@example.com", workspace: "other", role: "member")
    for query in ["job=\(job)", "endpoint=\(bad)"] {
      let reply = try server.client.get("/admin/api/v1/deliveries?" + query, session.headers)
      XCTAssertEqual(reply.json["deliveries"]?.array?.count ?? 0, 0, reply.text)
    }
  }

  func testReplayOfWhatFailed_SendsNothingToTheHealthyReceiver_AndNothingTwice() throws {
    for way in ["job", "endpoint", "workspace", "time", "operator"] {
      let (server, good, bad, endpoints, job) = try failing()
      let session = try server.signIn("a@example.com", workspace: "api-workspace", role: "admin")
      func replay() throws -> TestReply {
        let own = "/admin/api/v1/workspaces/api-workspace/deliveries/replay-failed"
        let (path, body) =
          switch way {
          case "job": ("/admin/api/v1/jobs/\(job)/replay-failed", "")
          case "endpoint": (own, #"{"endpoint":"\#(endpoints[1])"}"#)
          case "workspace": (own, "")
          case "time": (own, #"{"since":"1h","until":"2100-01-01T00:00:00Z"}"#)
          default: ("", #"{"workspace":"api-workspace","job":"\#(job)"}"#)
          }
        if path.isEmpty { return try server.admin("POST", "/deliveries/replay-failed", body) }
        return try server.client.send("POST", path, session.headers, body: Array(body.utf8))
      }
      let reply = try replay()
      XCTAssertEqual(reply.status, 202, reply.text)
      XCTAssertEqual(reply.json["replayed"]?.array?.count, 1, "\(way): \(reply.text)")
      let requests = bad.wait(for: 2)
      XCTAssertEqual(Set(requests.compactMap { $0["webhook-id"] }).count, 1, way)
      try wait(server, "delivered", 2)
      XCTAssertEqual(try replay().json["replayed"], .array([]), way)
      XCTAssertEqual(good.requests.count, 1, way)
      XCTAssertEqual(bad.requests.count, 2, way)
    }
  }

  func testReplayOfWhatFailed_ElsewhereOrAtAnotherTime_SendsNothing() throws {
    let (server, good, bad, endpoints, _) = try failing()
    _ = try server.admin("POST", "/workspaces", #"{"slug":"elsewhere"}"#)
    let other = try submit(server)
    _ = try server.ended(other)
    try wait(server, "delivered", 3)
    for body in [
      #"{"workspace":"elsewhere"}"#, #"{"endpoint":"\#(endpoints[0])"}"#, #"{"until":"2h"}"#,
      #"{"since":"2100-01-01"}"#, #"{"job":"\#(other)"}"#,
    ] {
      let reply = try server.admin("POST", "/deliveries/replay-failed", body)
      XCTAssertEqual(reply.json["replayed"], .array([]), "\(body): \(reply.text)")
    }
    XCTAssertEqual(good.requests.count + bad.requests.count, 4)
    for (body, field) in [
      (#"{"since":"soon"}"#, "since"), (#"{"until":"2026-02-30"}"#, "until"), (#"{"endpoint":"x"}"#, "endpoint"),
      (#"{"limit":"1001"}"#, "limit"),
    ] {
      let reply = try server.admin("POST", "/deliveries/replay-failed", body)
      XCTAssertEqual(reply.json["errors"]?.members?.map(\.name), [field], reply.text)
    }
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed", #"{"endpoint":"99"}"#).status, 404)
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed", #"{"job":"req_none"}"#).status, 404)
  }

  /// The bytes of an endpoint's webhook look like those of a job's own address once the endpoint is gone.
  func testReplay_ToAnEndpointThatIsOffOrRemoved_CallsNobody() throws {
    let (server, _, bad, endpoints, job) = try failing()
    let failed = try XCTUnwrap(
      try server.admin("GET", "/deliveries?status=failed").json["deliveries"]?[0]?["id"]?.integer)
    for change in ["disable", "remove"] {
      let reply =
        change == "disable"
        ? try server.admin("POST", "/endpoints/\(endpoints[1])/disable")
        : try server.admin("DELETE", "/endpoints/\(endpoints[1])")
      XCTAssertEqual(reply.status, 200)
      let all = try server.admin("POST", "/jobs/\(job)/replay-failed")
      XCTAssertEqual(all.json["replayed"], .array([]), all.text)
      XCTAssertEqual(all.json["left"], .array([.integer(failed)]), all.text)
      let one = try server.admin("POST", "/deliveries/\(failed)/replay")
      XCTAssertEqual(one.json["code"]?.string, "no_receiver", one.text)
    }
    XCTAssertEqual(bad.requests.count, 1)
  }

  func testReplayOfOne_GoesToItsReceiverAlone_AlsoWhenItWasDelivered() throws {
    let (server, good, bad, _, _) = try failing()
    let delivered = try XCTUnwrap(
      try server.admin("GET", "/deliveries?status=delivered").json["deliveries"]?[0]?["id"]?.integer)
    XCTAssertEqual(try server.admin("POST", "/deliveries/\(delivered)/replay").status, 202)
    let requests = good.wait(for: 2)
    XCTAssertEqual(requests[0]["webhook-id"], requests[1]["webhook-id"])
    XCTAssertEqual(bad.requests.count, 1)
    XCTAssertEqual(try server.admin("POST", "/deliveries/999/replay").status, 404)
  }

  func testReplayOfOneThatWaits_SendsItNow_AndOnlyOnce() throws {
    let server = try TestServer(settings: allowed)
    let answers = Mutex([500])
    let receiver = try WebhookReceiver { _ in .status(answers.withLock { $0.popLast() } ?? 200) }
    addTeardownBlock { receiver.close() }
    let id = try endpoint(server, receiver)
    let sample = try server.admin("POST", "/endpoints/\(id)/test").json["delivery"]
    XCTAssertEqual(sample?["status"]?.string, "waiting")
    let first = sample?["id"]?.integer ?? 0
    let reply = try server.admin("POST", "/deliveries/\(first)/replay")
    let again = try XCTUnwrap(reply.json["replayed"]?[0]?.integer, reply.text)
    _ = receiver.wait(for: 2)
    try wait(server, "waiting", 0)
    let ended = try server.admin("GET", "/deliveries/\(first)").json["delivery"]
    XCTAssertEqual(ended?["status"]?.string, "failed")
    XCTAssertEqual(ended?["last_error"]?.string, "sent again as delivery \(again)")
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed").json["replayed"], .array([]))
    XCTAssertEqual(receiver.requests.count, 2)
  }

  func testDelivery_ShowsTheBodyAndTheHeadersThatWereSent() throws {
    let server = try TestServer(settings: allowed)
    let receiver = try WebhookReceiver()
    addTeardownBlock { receiver.close() }
    for style in ["standard", "wonder", "convertly", "koalapic"] {
      let body = #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"\#(style)"}"#
      let id = try server.admin("POST", "/endpoints", body).json["endpoint"]?["id"]?.integer ?? 0
      let count = receiver.requests.count
      for rotation in 0...1 {
        let sample = try server.admin("POST", "/endpoints/\(id)/test").json["delivery"]
        let request = receiver.wait(for: count + rotation + 1)[count + rotation]
        let shown = try server.admin("GET", "/deliveries/\(sample?["id"]?.integer ?? 0)").json["delivery"]
        XCTAssertEqual(shown?["body"]?.string, request.text, style)
        let headers = shown?["history"]?[0]?["headers"]?.array ?? []
        XCTAssertGreaterThan(headers.count, 2, style)
        for header in headers {
          let name = header["name"]?.string ?? ""
          XCTAssertEqual(header["value"]?.string, request[exact: name], "\(style): \(name)")
        }
        XCTAssertEqual(try server.admin("POST", "/endpoints/\(id)/rotate-secret").status, 200)
        let later = try server.admin("GET", "/deliveries/\(sample?["id"]?.integer ?? 0)").json["delivery"]
        let names = later?["history"]?[0]?["headers"]?.array?.compactMap { $0["name"]?.string } ?? []
        XCTAssertFalse(
          names.contains { $0.lowercased().contains("signature") }, "the secret it was signed with is gone")
      }
      XCTAssertEqual(try server.admin("DELETE", "/endpoints/\(id)").status, 200)
    }
    let list = try server.admin("GET", "/deliveries").json["deliveries"]?[0]
    XCTAssertNil(list?["body"])
  }
}
