import Basics
import Glibc
import Storage
import TestSupport
import XCTest

@testable import Outbound

/// Downloads from servers that keep their word, and from those that do not.
final class DownloadTests: XCTestCase {
  private struct Outcome {
    let reply: OutboundReply
    let file: [UInt8]
  }

  private func fetch(
    _ answer: WebhookReceiver.Answer, mostBytes: Int64 = 1000, limit: Duration = .seconds(20)
  ) throws -> Outcome {
    let receiver = try WebhookReceiver { _ in answer }
    defer { receiver.close() }
    let client = try Client(
      AddressGuard(
        allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22"))), connections: 4)
    let directory = try TemporaryDirectory()
    let path = directory.path + "/download"
    let descriptor = try check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    defer { close(descriptor) }
    let download = Download(descriptor: descriptor, mostBytes: mostBytes)
    client.start(
      OutboundRequest(url: receiver.url, headers: [], .download(download), timeLimit: limit), tag: 3)
    while true {
      if let ended = client.poll(longest: .seconds(1)).first {
        return Outcome(reply: ended.reply, file: try FileBytes.read(path, atMost: 1 << 20))
      }
    }
  }

  func testDownload_StoresExactlyTheBody() throws {
    let outcome = try fetch(.status(200, body: String(repeating: "x", count: 1000)))
    XCTAssertNil(outcome.reply.failure)
    XCTAssertEqual(outcome.reply.stored, 1000)
    XCTAssertEqual(outcome.file, [UInt8](repeating: 0x78, count: 1000))
  }

  func testMoreThanAllowed_AnnouncedOrNot_IsTooLarge() throws {
    let announced = try fetch(.status(200, body: String(repeating: "x", count: 1001)))
    XCTAssertEqual(announced.reply.failure?.kind, .fileTooLarge)
    XCTAssertEqual(announced.file, [])
    let silent = try fetch(.raw(Array(("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5000)).utf8)))
    XCTAssertEqual(silent.reply.failure?.kind, .fileTooLarge)
    XCTAssertLessThanOrEqual(silent.file.count, 1000)
  }

  func testLessThanAnnounced_IsALostConnection() throws {
    let outcome = try fetch(.raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello".utf8)))
    XCTAssertEqual(outcome.reply.failure?.kind, .disconnected)
  }

  func testEndlessAnswer_EndsWithItsTime() throws {
    let outcome = try fetch(
      .drip(Array("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n".utf8)), limit: .milliseconds(400))
    XCTAssertEqual(outcome.reply.failure?.kind, .timeout)
  }

  func testRedirectAndRefusal_StoreNothing() throws {
    let redirect = try fetch(.status(302, headers: [("Location", "/other?a=b")], body: "moved"))
    XCTAssertEqual(redirect.reply.status, 302)
    XCTAssertTrue(redirect.reply.redirect?.hasSuffix("/other?a=b") ?? false)
    XCTAssertTrue(redirect.reply.redirect?.hasPrefix("http://127.0.0.1:") ?? false)
    let missing = try fetch(.status(404, body: "no such file"))
    XCTAssertEqual(missing.reply.status, 404)
    XCTAssertNil(missing.reply.failure)
    for outcome in [redirect, missing] { XCTAssertEqual(outcome.file, []) }
  }

  func testFullDisk_IsOurFault() throws {
    let client = try Client(
      AddressGuard(allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22"))),
      connections: 4)
    let receiver = try WebhookReceiver { _ in .status(200, body: "hello") }
    defer { receiver.close() }
    let full = try check("open", "/dev/full") { open("/dev/full", O_WRONLY | O_CLOEXEC) }
    defer { close(full) }
    client.start(
      OutboundRequest(
        url: receiver.url, headers: [], .download(Download(descriptor: full, mostBytes: 100)), timeLimit: .seconds(20)),
      tag: 1)
    var ended: [Client.Ended] = []
    while ended.isEmpty { ended = client.poll(longest: .seconds(1)) }
    XCTAssertEqual(ended[0].reply.failure?.kind, .notStored)
  }

  func testCancel_EndsARequestWithoutAWord() throws {
    let receiver = try WebhookReceiver { _ in .hang }
    defer { receiver.close() }
    let client = try Client(
      AddressGuard(allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22"))),
      connections: 4)
    client.start(OutboundRequest(url: receiver.url, headers: [], body: [], timeLimit: .seconds(60)), tag: 9)
    _ = client.poll(longest: .milliseconds(1))
    XCTAssertEqual(client.count, 1)
    client.cancel(tag: 9)
    XCTAssertEqual(client.count, 0)
    XCTAssertEqual(client.poll(longest: .zero).count, 0)
  }

  func testEndedDownload_HoldsNothingOfItsCallers() throws {
    final class Room: Sendable {}
    let receiver = try WebhookReceiver { _ in .status(404) }
    defer { receiver.close() }
    let client = try Client(
      AddressGuard(
        allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22"))), connections: 4)
    var room: Room? = Room()
    weak let held = room
    client.start(
      OutboundRequest(
        url: receiver.url, headers: [],
        .download(Download(descriptor: -1, mostBytes: 10, room: { [room] _ in withExtendedLifetime(room) {} })),
        timeLimit: .seconds(20)), tag: 1)
    room = nil
    XCTAssertNotNil(held)
    while client.poll(longest: .seconds(1)).isEmpty {}
    XCTAssertNil(held, "the handle waits for its next request")
  }
}
