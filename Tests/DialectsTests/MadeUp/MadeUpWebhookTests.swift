import Basics
import Dialects
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// A style is one value: a made-up one, delivered by a real server to a real receiver as it says itself.
final class MadeUpWebhookTests: XCTestCase {
  private func served(
    _ clock: Clock = .system, _ prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> TestServer {
    try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"], clock: clock,
      dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }],
      prepare: prepare)
  }

  private func receiver(_ statuses: Int...) throws -> WebhookReceiver {
    let asked = Tally<String>()
    let receiver = try WebhookReceiver { _ in
      asked.count("all")
      return .status(statuses[min(Int(asked.counts["all"] ?? 1), statuses.count) - 1])
    }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func turn(_ server: TestServer, _ fields: (String, String)..., body: [UInt8] = SamplePictures.photo) throws
    -> String
  {
    let reply = try server.client.send("POST", "/made-up/turn/jpg", key: server.key, fields, body: body)
    XCTAssertEqual(reply.status, 202, reply.text)
    return String(reply.text.dropFirst(MadeUp.prefix.count))
  }

  private func deliveries(_ server: TestServer, of id: String) throws -> [JSONValue] {
    try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?.array ?? []
  }

  private func endpoint(_ server: TestServer, _ url: String, style: String) throws -> TestReply {
    try server.admin(
      "POST", "/endpoints", #"{"workspace":"api-workspace","url":"\#(url)","style":"\#(style)"}"#)
  }

  func testTheAddressOfAJob_IsToldItsEndInTheStyleOfItsDialect() throws {
    let server = try served()
    let receiver = try receiver(202)
    let id = try turn(server, ("Made-Up-Tell", receiver.url), ("Made-Up-Secret", "shh"))
    let told = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertTrue(told.text.hasPrefix("mu body.png is done http://127.0.0.1:\(server.client.port)/files/"), told.text)
    XCTAssertEqual(told["content-type"], "text/x-made-up")
    XCTAssertEqual(told["user-agent"], "Made-Up/1")
    XCTAssertEqual(told[exact: "Made-Up-Of"], "made-up.done of \(id)")
    XCTAssertNotNil(told[exact: "Made-Up-Second"].flatMap { Int($0) })
    XCTAssertEqual(
      told[exact: "Made-Up-Proof"], Hexadecimal.encode(HMAC(key: Array("shh!".utf8)).code(for: told.body)))
    XCTAssertNil(told["webhook-id"])
    let listed = try deliveries(server, of: id)
    XCTAssertEqual(listed.compactMap { $0["style"]?.string }, ["made-up"])
    XCTAssertEqual(listed.compactMap { $0["event"]?.string }, ["made-up.done"])
  }

  func testAFailedJob_IsToldToo_AndAReplayIsWordedInTheSameStyle() throws {
    let server = try served()
    let receiver = try receiver(202)
    let damaged = Array(SamplePictures.photo.prefix(2000))
    let id = try turn(server, ("Made-Up-Tell", receiver.url), body: damaged)
    XCTAssertEqual(receiver.wait(for: 1).first?.text, "mu body.png is not done")
    XCTAssertEqual(try server.admin("POST", "/jobs/\(id)/replay").status, 202)
    XCTAssertEqual(receiver.wait(for: 2).map(\.text), ["mu body.png is not done", "mu body.png is not done"])
  }

  func testAJobThatAsksForIt_IsToldOfEveryChange() throws {
    let server = try served()
    let receiver = try receiver(202)
    _ = try turn(server, ("Made-Up-Tell", receiver.url), ("Made-Up-Tell-All", "yes"))
    let said = Set(receiver.wait(for: 3).map { $0[exact: "Made-Up-Of"]?.split(separator: " ").first ?? "" })
    XCTAssertEqual(said, ["made-up.taken", "made-up.begun", "made-up.done"])
  }

  func testACanceledJob_IsToldOfOnlyWhereEveryChangeIs() throws {
    let server = try served()
    let receiver = try receiver(202)
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let all = try turn(server, ("Made-Up-Tell", receiver.url), ("Made-Up-Tell-All", "yes"))
    let end = try turn(server, ("Made-Up-Tell", receiver.url))
    for id in [all, end] {
      XCTAssertEqual(try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key).status, 200)
    }
    XCTAssertEqual(Set(receiver.wait(for: 2).map(\.text)), ["mu body.png is taken", "mu body.png is stopped"])
    XCTAssertEqual(try deliveries(server, of: all).count, 2)
    XCTAssertEqual(try deliveries(server, of: end).count, 0)
  }

  func testRetries_ComeAtItsTimes_AndItsAnswersMeanWhatItSays() throws {
    let clock = FixedClock()
    let server = try served(clock.clock)
    let receiver = try receiver(200, 418)
    let id = try turn(server, ("Made-Up-Tell", receiver.url))
    var first: JSONValue?
    while first?["attempts"]?.integer != 1 { first = try deliveries(server, of: id).first }
    // 200 is no success here.
    XCTAssertEqual(first?["next_attempt_at"]?.string, "\(clock.now + .seconds(7))")
    clock.advance(by: .seconds(7))
    // What is new wakes the sender.
    _ = try turn(server, ("Made-Up-Tell", receiver.url))
    while first?["status"]?.string == "waiting" { first = try deliveries(server, of: id).first }
    XCTAssertEqual(first?["status"]?.string, "failed")
    XCTAssertEqual(first?["attempts"]?.integer, 2)
  }

  func testEndpoints_CanHaveTheStyle_WithItsOwnEvents() throws {
    let server = try served()
    let styles = try server.client.get("/admin/api/v1/webhook-styles").json["styles"]?.array ?? []
    XCTAssertEqual(
      styles.compactMap { $0["style"]?.string }, ["wonder", "convertly", "koalapic", "standard", "made-up"])
    XCTAssertEqual(styles.last?["title"]?.string, "Made up")
    XCTAssertEqual(
      styles.last?["events"]?.array?.compactMap(\.string), ["made-up.begun", "made-up.done", "made-up.kept"])
    let receiver = try receiver(202)
    XCTAssertEqual(try endpoint(server, receiver.url, style: "made-up").status, 201)
    let house = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)
    XCTAssertEqual(try server.submit(house).status, 202)
    let said = receiver.wait(for: 2)
    XCTAssertTrue(said.contains { $0.text == "mu a.png is begun" }, "\(said.map(\.text))")
    XCTAssertTrue(said.contains { $0.text.hasPrefix("mu a.png is done http") }, "\(said.map(\.text))")
    XCTAssertEqual(said.filter { $0[exact: "Made-Up-Proof"] != nil }.count, 2)
    XCTAssertEqual(try server.admin("POST", "/endpoints/1/test").json["delivery"]?["status"]?.string, "delivered")
  }

  func testAnAddressThatNobodyWouldTell_IsRefused_AndNotForgotten() throws {
    let server = try TestServer(dialects: AllDialects.all + [AllDialects.Row { Silent(parts: $0) }])
    let reply = try server.client.send("POST", "/silent", key: server.key, body: SamplePictures.photo)
    XCTAssertEqual(reply.status, 422)
    XCTAssertEqual(reply.text, "the address cannot be told: this API has no webhooks")
  }

  /// A server without the dialect finds the endpoint of its style, and does not take it for one of another.
  func testAStyleThatIsNotThere_IsRefusedWithASentence_AndHoldsUpNothing() throws {
    let receiver = try receiver(202)
    let url = receiver.url
    let log = Mutex<[String]>([])
    let server = try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      log: Log(write: { line in log.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    ) { database in
      try database.run(
        """
        INSERT INTO endpoints (workspace_id, url, style, events, secret, state, created_at)
        VALUES (1, ?, 'made-up', 'made-up.done,conversion.completed', 's', 'enabled', 1)
        """, url)
    }
    let said = "endpoints of a style that this server does not have are told nothing"
    // Lines are written beside all else.
    while !log.withLock({ $0.contains { $0.contains(said) && $0.contains("made-up") } }) { sched_yield() }
    let house = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)
    let id = try server.submit(house).json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    XCTAssertEqual(try deliveries(server, of: id), [])
    let tried = try server.admin("POST", "/endpoints/1/test")
    XCTAssertEqual(tried.status, 409)
    XCTAssertTrue(tried.text.contains(#"\"made-up\", which this server does not have"#), tried.text)
    let listed = try server.admin("GET", "/endpoints").json["endpoints"]
    XCTAssertEqual(listed?[0]?["style"]?.string, "made-up")
    let refused = try endpoint(server, url, style: "made-up")
    XCTAssertEqual(refused.status, 422)
    XCTAssertTrue(refused.text.contains("valid: wonder, convertly, koalapic, standard"), refused.text)
  }

  func testTheAddressOfAJob_StandsForTheEndpointsOfItsStyle_AndForNoOther() throws {
    let server = try served()
    let (own, global, other) = try (receiver(202), receiver(202), receiver(200))
    XCTAssertEqual(try endpoint(server, global.url, style: "made-up").status, 201)
    XCTAssertEqual(try endpoint(server, other.url, style: "standard").status, 201)
    let id = try turn(server, ("Made-Up-Tell", own.url))
    XCTAssertEqual(own.wait(for: 1).count, 1)
    let styles = try deliveries(server, of: id).compactMap { $0["endpoint"]?.integer }
    XCTAssertEqual(Set(styles), [2])
    XCTAssertEqual(other.wait(for: 3).count, 3)
    let task = try turn(server, ("Made-Up-Tell", own.url), ("Made-Up-Batch", "yes"))
    XCTAssertEqual(try server.ended(task).json["job"]?["status"]?.string, "completed")
    XCTAssertEqual(try Set(deliveries(server, of: task).compactMap { $0["endpoint"]?.integer }), [2])
    // Without an address of its own the same dialect's job is told there.
    _ = try turn(server)
    XCTAssertEqual(global.wait(for: 2).count, 2)
  }
}
