import Basics
import Dialects
import Glibc
import Outbound
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Outbox

/// The courier with a real store and real receivers.
final class CourierTests: XCTestCase {
  private func receiver(_ answer: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer) throws
    -> WebhookReceiver
  {
    let receiver = try WebhookReceiver(answer: answer)
    addTeardownBlock { receiver.close() }
    return receiver
  }

  func testDelivery_IsSentSignedAndRecorded() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(200, body: "thanks") }
    outbox.start()
    let id = try outbox.add([receiver.url], secret: "client_shared_secret", body: #"{"a":"ü"}"#)[0]
    let done = try outbox.ended(id)
    XCTAssertEqual(done.state, .delivered)
    XCTAssertNil(done.lastError)
    let request = try XCTUnwrap(receiver.requests.first)
    XCTAssertEqual(request.text, #"{"a":"ü"}"#)
    XCTAssertEqual(request[exact: "X-WonderConvert-Event"], "conversion.job.completed")
    XCTAssertEqual(request[exact: "X-WonderConvert-Request-Id"], "req_0")
    XCTAssertEqual(
      request[exact: "X-WonderConvert-Signature"], Signature.prefixed(request.body, "client_shared_secret"))
    XCTAssertEqual(request[exact: "X-WonderConvert-Delivery"], "evt_0")
    let attempt = try XCTUnwrap(outbox.attempts(id).first)
    XCTAssertEqual(attempt.number, 1)
    XCTAssertEqual(attempt.status, 200)
    XCTAssertEqual(attempt.response, Array("thanks".utf8))
    XCTAssertEqual(attempt.startedAt, outbox.clock.now)
  }

  /// Each attempt comes when its style says, not a moment earlier, with the same bytes and event.
  func testRetries_ComeOnScheduleWithTheSameBytes() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(500, body: String(repeating: "x", count: 5000)) }
    outbox.start()
    let id = try outbox.add([receiver.url], style: .convertly)[0]
    for (number, delay) in [(1, 5), (2, 25)] {
      let waiting = try outbox.recorded(id, attempts: number)
      XCTAssertEqual(waiting.state, .waiting)
      XCTAssertEqual(waiting.nextAttemptAt, outbox.clock.now + .seconds(delay))
      XCTAssertEqual(waiting.lastError, "answered with status 500")
      outbox.advance(by: .seconds(delay) - .milliseconds(1))
      // What is due later is looked at in the same order, so when this one is delivered the other was passed over.
      let other = try self.receiver { _ in .status(200) }
      _ = try outbox.ended(outbox.add([other.url])[0])
      XCTAssertEqual(receiver.requests.count, number)
      outbox.advance(by: .milliseconds(1))
    }
    let failed = try outbox.ended(id)
    XCTAssertEqual(failed.state, .failed)
    XCTAssertNil(failed.nextAttemptAt)
    XCTAssertEqual(receiver.requests.map(\.text), ["{}", "{}", "{}"])
    XCTAssertEqual(Set(receiver.requests.compactMap { $0["convertly-timestamp"] }).count, 3)
    XCTAssertEqual(try outbox.attempts(id).map(\.number), [1, 2, 3])
    XCTAssertEqual(try outbox.attempts(id).map(\.response.count), [2048, 2048, 2048])
  }

  func testRefusedAddress_FailsWithOneSentence() throws {
    let outbox = try Outbox(allowed: "")
    let receiver = try receiver { _ in .status(200) }
    outbox.start()
    let ids = try outbox.add([receiver.url, "http://10.0.0.1/", "http://127.0.0.1:1/"], style: .enconvert)
    for id in ids {
      let failed = try outbox.ended(id)
      XCTAssertEqual(failed.state, .failed)
      XCTAssertEqual(failed.lastError, "address not allowed")
    }
    XCTAssertEqual(receiver.requests.count, 0)
  }

  func testAStyleThatNobodyKnows_FailsWithThatReason_AndHoldsUpNothing() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(200) }
    let ids = try outbox.add([receiver.url, receiver.url, receiver.url])
    try outbox.store.writeBlocking { try $0.run("UPDATE deliveries SET style = 'older' WHERE id = ?", ids[1]) }
    outbox.start()
    let refused = try outbox.ended(ids[1])
    XCTAssertEqual(refused.state, .failed)
    XCTAssertEqual(refused.lastError, #"this server has no style "older""#)
    XCTAssertEqual(refused.attempts, 0)
    XCTAssertEqual(try outbox.ended(ids[0]).state, .delivered)
    XCTAssertEqual(try outbox.ended(ids[2]).state, .delivered)
    XCTAssertEqual(receiver.requests.count, 2)
  }

  func testRestart_SpendsNoAttemptAndSendsNothingEarly() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(503) }
    outbox.start()
    let id = try outbox.add([receiver.url])[0]
    let waiting = try outbox.recorded(id, attempts: 1)
    outbox.stop()
    let again = try Courier(
      store: outbox.store, addresses: .init(allowed: [], ports: XCTUnwrap(PortSet("!22"))), policies: .all,
      clock: outbox.clock.clock, log: .silent)
    try again.start()
    again.stop(grace: .seconds(20))
    let after = try outbox.delivery(id)
    XCTAssertEqual(after, waiting)
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testStop_RecordsWhatIsAnsweredInItsGrace() throws {
    let outbox = try Outbox()
    let asked = Doorbell()
    let mayAnswer = Doorbell()
    let receiver = try receiver { _ in
      asked.ring()
      _ = mayAnswer.wait()
      return .status(200)
    }
    outbox.start()
    let id = try outbox.add([receiver.url])[0]
    XCTAssertTrue(asked.wait(timeout: .seconds(60)))
    let stopper = ServiceThread("stop") { outbox.stop() }
    mayAnswer.ring()
    stopper.join()
    XCTAssertEqual(try outbox.delivery(id).state, .delivered)
    XCTAssertEqual(try outbox.attempts(id).count, 1)
  }

  func testStop_WithoutGrace_LeavesWhatIsUnderWayDue() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .hang }
    outbox.start()
    let id = try outbox.add([receiver.url])[0]
    _ = receiver.wait(for: 1)
    outbox.stop(grace: .zero)
    let left = try outbox.delivery(id)
    XCTAssertEqual(left.state, .waiting)
    XCTAssertEqual(left.attempts, 0)
    XCTAssertEqual(left.nextAttemptAt, outbox.clock.now)
  }

  /// It is due after the others were read and before there is a place for it, so no time that is still to come tells of it.
  func testWhatFallsDueWhileItsAddressIsFull_IsSentNext() throws {
    let outbox = try Outbox()
    let bells = [Doorbell(), Doorbell()]
    let count = Mutex(0)
    let receiver = try receiver { _ in
      let number = count.withLock { count in
        defer { count += 1 }
        return count
      }
      if number < bells.count { _ = bells[number].wait() }
      return .status(200)
    }
    let ids = try outbox.add([receiver.url, receiver.url, receiver.url])
    let span = Duration.seconds(3)
    XCTAssertLessThan(span, DueReader.longestKept)
    let later = outbox.clock.now + span
    try outbox.store.writeBlocking {
      try $0.run("UPDATE deliveries SET next_attempt_at = ? WHERE id = ?", later, ids[2])
    }
    outbox.start()
    _ = receiver.wait(for: 2)
    outbox.clock.advance(by: span)
    for bell in bells { bell.ring() }
    for id in ids[..<2] { XCTAssertEqual(try outbox.ended(id).state, .delivered) }
    XCTAssertEqual(receiver.wait(for: 3).count, 3)
  }

  /// Requirement W5: hosts that never answer keep nobody else waiting.
  func testHangingHosts_DoNotDelayAGoodOne() throws {
    let outbox = try Outbox()
    let hanging = try (0..<50).map { _ in try receiver { _ in .hang } }
    let good = try receiver { _ in .status(200) }
    outbox.start()
    try outbox.add((0..<500).map { hanging[$0 % 50].url })
    let ids = try outbox.add([String](repeating: good.url, count: 200))
    for id in ids { XCTAssertEqual(try outbox.ended(id).state, .delivered) }
    let open = hanging.map(\.requests.count)
    XCTAssertLessThanOrEqual(open.max() ?? 0, 2)
    outbox.stop(grace: .zero)
  }

  func testEndpoint_Gone_IsDisabledAndItsOthersEndWithoutAnAttempt() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(410) }
    let endpoint = try outbox.addEndpoint(receiver.url)
    outbox.start()
    let id = try outbox.add([receiver.url], style: .standard, endpoint: endpoint, secret: nil)[0]
    XCTAssertEqual(try outbox.ended(id).state, .failed)
    XCTAssertEqual(try outbox.store.read { try Endpoints.find(id: endpoint, in: $0)?.isEnabled }, false)
    let late = try outbox.ended(
      outbox.add([receiver.url], style: .standard, endpoint: endpoint, secret: nil)[0])
    XCTAssertEqual(late.state, .failed)
    XCTAssertEqual(late.attempts, 0)
    XCTAssertEqual(late.lastError, "the endpoint is disabled")
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testEndpoint_FailingForFiveDays_IsDisabled() throws {
    let outbox = try Outbox()
    let works = Mutex(false)
    let receiver = try receiver { _ in .status(works.withLock { $0 } ? 200 : 500) }
    let endpoint = try outbox.addEndpoint(receiver.url)
    func send() throws -> Endpoint? {
      let id = try outbox.add([receiver.url], style: .enconvert, endpoint: endpoint, secret: nil)[0]
      _ = try outbox.ended(id)
      return try outbox.store.read { try Endpoints.find(id: endpoint, in: $0) }
    }
    outbox.start()
    XCTAssertEqual(try send()?.failingSince, outbox.clock.now)
    outbox.advance(by: .seconds(4 * 86_400))
    works.withLock { $0 = true }
    XCTAssertNil(try send()?.failingSince)
    works.withLock { $0 = false }
    XCTAssertEqual(try send()?.isEnabled, true)
    let start = outbox.clock.now
    for _ in 1...10 {
      outbox.advance(by: .seconds(12 * 3600))
      if outbox.clock.now - start == AttemptRecord.longestFailing { outbox.advance(by: .seconds(-1)) }
      XCTAssertEqual(try send()?.isEnabled, true)
    }
    outbox.advance(by: .seconds(1))
    XCTAssertEqual(try send()?.isEnabled, false)
  }

  func testRotation_SignsWithBothSecretsUntilTheOverlapEnds() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(200) }
    let endpoint = try outbox.addEndpoint(receiver.url)
    let end = outbox.clock.now + .seconds(86_400)
    try outbox.store.writeBlocking {
      try Endpoints.rotate(
        id: endpoint, secret: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", overlapsUntil: end, in: $0)
    }
    outbox.start()
    func signatures() throws -> Int {
      let id = try outbox.add([receiver.url], style: .standard, endpoint: endpoint, secret: nil)[0]
      _ = try outbox.ended(id)
      return receiver.requests.last?["webhook-signature"]?.split(separator: " ").count ?? 0
    }
    XCTAssertEqual(try signatures(), 2)
    outbox.advance(by: .seconds(86_400))
    XCTAssertEqual(try signatures(), 1)
  }

  func testClockSetBack_MovesWhatWaitsWithIt() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(500) }
    outbox.start()
    let id = try outbox.add([receiver.url])[0]
    _ = try outbox.recorded(id, attempts: 1)
    outbox.advance(by: .seconds(-3 * 86_400))
    // The courier has to see the clock before it is moved on.
    while try outbox.delivery(id).nextAttemptAt != outbox.clock.now + .seconds(30) { sched_yield() }
    outbox.advance(by: .seconds(30))
    XCTAssertEqual(receiver.wait(for: 2).count, 2)
    XCTAssertEqual(try outbox.recorded(id, attempts: 2).nextAttemptAt, outbox.clock.now + .seconds(120))
  }

  func testMany_AllArriveOnce() throws {
    let outbox = try Outbox()
    let receivers = try (0..<4).map { _ in try receiver { _ in .status(204) } }
    let early = try outbox.add((0..<300).map { receivers[$0 % 4].url })
    outbox.start()
    let late = try outbox.add((0..<300).map { receivers[$0 % 4].url })
    for id in early + late { XCTAssertEqual(try outbox.ended(id).state, .delivered) }
    XCTAssertEqual(receivers.map(\.requests.count).reduce(0, +), 600)
  }

  /// The attack: sixty webhooks to a path that fails, and as many to paths that hang, on the host of another's receiver.
  func testFailingAndHangingPathsOfOneWorkspace_KeepNobodyElseOnTheHostWaiting() throws {
    let outbox = try Outbox()
    let receiver = try receiver { request in
      request.path.hasPrefix("/hookfail") ? .status(500) : request.path.hasPrefix("/hookhang") ? .hang : .status(200)
    }
    outbox.start()
    let failing = try outbox.add([String](repeating: receiver.url + "fail", count: 60), style: .enconvert)
    for id in failing.prefix(25) { _ = try outbox.ended(id) }
    try outbox.add((0..<60).map { receiver.url + "hang\($0 % 6)" }, style: .enconvert)
    while !receiver.requests.contains(where: { $0.path.hasPrefix("/hookhang") }) { sched_yield() }
    let before = Clock.readMonotonic()
    let other = try outbox.addWorkspace("other")
    let healthy = try outbox.add([String](repeating: receiver.url + "ok?x", count: 20), workspace: other)
    for id in healthy { XCTAssertEqual(try outbox.ended(id).state, .delivered) }
    XCTAssertLessThan(Clock.readMonotonic() - before, 9_000_000_000, "one rest is 30 s, a hanging request takes 30 s")
    let held = try outbox.delivery(failing[59])
    XCTAssertEqual(held.state, .waiting)
    let rest = outbox.rests.rest(of: held.address, at: outbox.clock.now)
    XCTAssertEqual(rest?.reason, "the address does not take what is sent: 25 failures in a row")
    XCTAssertNil(outbox.rests.rest(of: try outbox.delivery(healthy[0]).address, at: outbox.clock.now))
    outbox.stop(grace: .zero)
  }

  /// A clock that was set back while nothing was serving.
  func testStart_LetsNothingWaitLongerThanItsOwnDelay() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(500) }
    outbox.start()
    let tried = try outbox.add([receiver.url])[0]
    _ = try outbox.recorded(tried, attempts: 1)
    outbox.stop()
    let fresh = try outbox.add([receiver.url])[0]
    outbox.advance(by: .seconds(-3 * 3600))
    try outbox.startAgain()
    XCTAssertEqual(try outbox.recorded(fresh, attempts: 1).nextAttemptAt, outbox.clock.now + .seconds(30))
    XCTAssertEqual(try outbox.delivery(tried).nextAttemptAt, outbox.clock.now + .seconds(30))
  }

  /// Time that did not pass brings no attempt nearer.
  func testClockSetAhead_BringsNoAttemptNearer() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(500) }
    outbox.start()
    let tried = try outbox.add([receiver.url])[0]
    _ = try outbox.recorded(tried, attempts: 1)
    // What comes after it shows that the clock has been looked at.
    outbox.clock.set(by: .seconds(3 * 3600))
    let later = try outbox.add([receiver.url + "/later"])[0]
    _ = try outbox.recorded(later, attempts: 1)
    XCTAssertEqual(try outbox.delivery(tried).attempts, 1)
    XCTAssertEqual(try outbox.delivery(tried).nextAttemptAt, outbox.clock.now + .seconds(30))
    outbox.advance(by: .seconds(30))
    XCTAssertEqual(try outbox.recorded(tried, attempts: 2).attempts, 2)
  }

  /// Whichever of its readings is the first after the clock was set, in the middle of a round included.
  func testClockSetAhead_AtAnyReading_BringsNoAttemptNearer() throws {
    for reading in 1...16 {
      let outbox = try Outbox()
      let receiver = try receiver { _ in .status(500) }
      outbox.start()
      let tried = try outbox.add([receiver.url])[0]
      _ = try outbox.recorded(tried, attempts: 1)
      outbox.clock.set(by: .seconds(3 * 3600), atReading: reading)
      // A second attempt would be recorded before what is added after the first of these.
      for path in ["/later", "/last"] {
        let other = try outbox.add([receiver.url + path])[0]
        _ = try outbox.recorded(other, attempts: 1)
      }
      XCTAssertEqual(try outbox.delivery(tried).attempts, 1, "set at reading \(reading)")
    }
  }

  /// Five days that did not pass are no five days of failing.
  func testClockSetAhead_DisablesNoEndpoint() throws {
    let outbox = try Outbox()
    let receiver = try receiver { _ in .status(500) }
    let endpoint = try outbox.addEndpoint(receiver.url)
    outbox.start()
    for span in [Duration.seconds(60), .seconds(60), .seconds(6 * 86_400), .seconds(60)] {
      _ = try outbox.ended(outbox.add([receiver.url], style: .enconvert, endpoint: endpoint, secret: nil)[0])
      outbox.advance(by: span)
    }
    XCTAssertEqual(try outbox.store.read { try Endpoints.find(id: endpoint, in: $0)?.isEnabled }, true)
  }
}
