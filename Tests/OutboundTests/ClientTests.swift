import Basics
import Glibc
import TestSupport
import XCTest

@testable import Outbound

/// The client against real receivers that answer well, badly or never.
final class ClientTests: XCTestCase {
  private func makeClient(_ allowed: String = "127.0.0.0/8") throws -> Client {
    let ports = try XCTUnwrap(PortSet("!22"))
    return try Client(
      AddressGuard(allowed: try XCTUnwrap(Network.list(allowed)), ports: ports), connections: 16)
  }

  private func post(
    _ url: String, _ client: Client, body: [UInt8] = Array("{}".utf8), headers: [(name: String, value: String)] = [],
    limit: Duration = .seconds(20)
  ) -> OutboundReply {
    client.start(OutboundRequest(url: url, headers: headers, body: body, timeLimit: limit), tag: 7)
    while true {
      for ended in client.poll(longest: .seconds(1)) {
        XCTAssertEqual(ended.tag, 7)
        return ended.reply
      }
    }
  }

  private func answering(_ answer: WebhookReceiver.Answer) throws -> WebhookReceiver {
    let receiver = try WebhookReceiver { _ in answer }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  func testPost_SendsExactlyTheBytesAndFields() throws {
    let receiver = try answering(.status(202, body: "thanks"))
    let client = try makeClient()
    for body in [[], [0, 1, 255, 0], [UInt8](repeating: 0x78, count: 1 << 20)] {
      let reply = post(receiver.url, client, body: body, headers: [("x-Mixed-Case", "a b"), ("User-Agent", "me/1")])
      XCTAssertEqual(reply.status, 202)
      XCTAssertEqual(reply.preview, Array("thanks".utf8))
      XCTAssertNil(reply.failure)
      let got = try XCTUnwrap(receiver.requests.last)
      XCTAssertEqual(got.body, body)
      XCTAssertEqual(got[exact: "x-Mixed-Case"], "a b")
      XCTAssertEqual(got["user-agent"], "me/1")
      XCTAssertNil(got["expect"])
      XCTAssertNil(got["cookie"])
    }
  }

  func testRedirect_IsNotFollowedAndCookiesAreNotKept() throws {
    let canary = try answering(.status(200))
    for status in [301, 302, 303, 307, 308] {
      let receiver = try answering(.status(status, headers: [("Location", canary.url), ("Set-Cookie", "a=b")]))
      let client = try makeClient()
      for _ in 0..<2 { XCTAssertEqual(post(receiver.url, client).status, status) }
      XCTAssertEqual(receiver.requests.map(\.path), ["/hook", "/hook"])
      XCTAssertTrue(receiver.requests.allSatisfy { $0["cookie"] == nil })
    }
    XCTAssertEqual(canary.requests.count, 0)
  }

  /// 256 KiB of zeros in 300 bytes: a body stays as it came, and a transfer coding is undone no further than we read.
  func testCompressedAnswer_GrowsNoFurtherThanWeRead() throws {
    let bomb = try XCTUnwrap(Base64.decode(ClientTests.bomb))
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(bomb.count)\r\n"
    let content = try answering(.raw(Array((head + "Content-Encoding: gzip\r\n\r\n").utf8) + bomb))
    let reply = post(content.url, try makeClient())
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.preview, Array(bomb.prefix(2048)))
    XCTAssertNil(content.requests.first?["accept-encoding"])
    let transfer = try answering(
      .raw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n".utf8) + bomb))
    let other = post(transfer.url, try makeClient())
    XCTAssertLessThanOrEqual(other.preview.count, 2048)
  }

  private static let bomb =
    "H4sIAAAAAAACA+3BMQEAAADCoPVP7W0HoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3gAi6g7iAAAEAA=="

  /// Nobody accepts and the queue of connections is full, so the name is found and nothing answers the first packet.
  func testFullListenBacklog_TimesOut() throws {
    let queue = try FullBacklog()
    let reply = post("http://127.0.0.1:\(queue.port)/", try makeClient(), limit: .milliseconds(300))
    XCTAssertEqual(reply.failure?.kind, .timeout)
    XCTAssertEqual(reply.failure?.description, "no connection in time")
    XCTAssertEqual(reply.status, 0)
  }

  /// Requirement G5: whether anything listens at a refused address, and which rule refuses it, cannot be told apart.
  func testRefusals_AreAlikeInTextAndTime() throws {
    let open = try answering(.status(200))
    let closed = try answering(.status(200))
    closed.close()
    let client = try makeClient("")
    let urls = [
      "http://127.0.0.1:\(open.port)/", "http://127.0.0.1:\(closed.port)/", "http://10.0.0.1/", "http://192.168.0.1/",
      "http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "http://[::1]:\(open.port)/",
      "http://[fd00::1]/", "http://93.184.216.34:22/",
    ]
    for url in urls {
      let replies = (0..<5).map { _ in post(url, client) }
      for reply in replies {
        XCTAssertEqual(reply.failure?.description, "address not allowed", url)
        XCTAssertEqual(reply.status, 0, url)
        XCTAssertEqual(reply.preview, [], url)
      }
      // The quickest of five: nothing is sent, so nothing but this machine's load can make a difference.
      let quickest = try XCTUnwrap(replies.map(\.duration).min())
      XCTAssertLessThan(quickest, .milliseconds(50), url)
    }
    XCTAssertEqual(open.connections, 0)
  }

  func testProxyOfTheEnvironment_IsNotUsed() throws {
    let proxy = try answering(.status(500))
    let receiver = try answering(.status(200))
    setenv("http_proxy", "http://127.0.0.1:\(proxy.port)", 1)
    setenv("all_proxy", "http://127.0.0.1:\(proxy.port)", 1)
    defer {
      unsetenv("http_proxy")
      unsetenv("all_proxy")
    }
    XCTAssertEqual(post(receiver.url, try makeClient()).status, 200)
    XCTAssertEqual(proxy.requests.count, 0)
  }

  /// Every spelling of an address that leads to this machine, and the canary that none of them may reach.
  func testEverySpellingOfLoopback_IsRefused() throws {
    let canary = try answering(.status(200))
    let client = try makeClient("")
    let hosts = [
      "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f000001", "%31%32%37.0.0.1", "localhost",
      "LOCALHOST", "foo.localhost", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "[::]", "0", "0.0.0.0",
      "[0:0:0:0:0:0:0:1]", "127.0.0.1.", "①②⑦.0.0.1",
    ]
    for host in hosts {
      let reply = post("http://\(host):\(canary.port)/", client)
      XCTAssertEqual(reply.status, 0, host)
      let kinds: [OutboundFailure.Kind] = [.addressNotAllowed, .dns, .invalidURL]
      XCTAssertTrue(reply.failure.map { kinds.contains($0.kind) } ?? false, "\(host): \(String(describing: reply))")
    }
    XCTAssertEqual(post("http://127.0.0.1:\(canary.port)/", client).failure?.description, "address not allowed")
    for url in ["///127.0.0.1:\(canary.port)/", "a@127.0.0.1:\(canary.port)/", "a:b@127.0.0.1:\(canary.port)/"] {
      XCTAssertEqual(post("http://" + url, client).status, 0, url)
    }
    XCTAssertEqual(canary.requests.count, 0)
  }

  func testOtherSchemes_AreRefused() throws {
    let client = try makeClient()
    for url in ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "dict://127.0.0.1:1/", "", "http://"] {
      XCTAssertNotNil(post(url, client).failure, url)
    }
  }

  /// The connection is kept, so only the question before each request can notice that it is no longer allowed.
  func testReusedConnection_IsAskedAgain() throws {
    let receiver = try answering(.status(200))
    let addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22")))
    let client = try Client(addresses, connections: 4)
    XCTAssertEqual(post(receiver.url, client).status, 200)
    addresses.listens(on: try XCTUnwrap(IPAddress("127.0.0.1")), port: receiver.port)
    XCTAssertEqual(post(receiver.url, client).failure?.kind, .addressNotAllowed)
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testFieldThatWouldBreakOut_IsRefused() throws {
    let receiver = try answering(.status(200))
    let reply = post(receiver.url, try makeClient(), headers: [("X", "a\r\nY: b")])
    XCTAssertEqual(reply.failure?.kind, .invalidURL)
    XCTAssertEqual(receiver.requests.count, 0)
  }

  /// Some of them share an entry of libcurl's list, which nobody may see outside.
  func testFields_ArriveEachForItself_AndInTheirOrder() throws {
    let receiver = try answering(.status(200))
    let fields = [
      ("X-First", "1"), ("Content-Type", "text/plain"), ("X-Empty", ""), ("x-second", "a: b"), ("webhook-id", "evt_1"),
      ("Accept", "text/html"), ("User-Agent", "me/1"), ("X-Last", "\u{e9}"),
    ]
    XCTAssertEqual(post(receiver.url, try makeClient(), headers: fields).status, 200)
    let got = try XCTUnwrap(receiver.requests.first)
    let own = Set(fields.map(\.0))
    XCTAssertEqual(
      got.headers.filter { own.contains($0.name) }.map { "\($0.name)=\($0.value)" },
      [
        "X-First=1", "Content-Type=text/plain", "x-second=a: b", "webhook-id=evt_1", "Accept=text/html",
        "User-Agent=me/1", "X-Last=\u{e9}",
      ])
    XCTAssertEqual(got.headers.count, fields.count - 1 + 2, "with Host and Content-Length")
    XCTAssertEqual(
      post(receiver.url, try makeClient(), headers: [("User-Agent", "me/1"), ("X-A", "a\nX-B: b")]).failure?.kind,
      .invalidURL)
  }

  /// Fault N1: each misbehaviour ends with its word, in its time.
  func testBadAnswers_EndWithTheirWord() throws {
    func line(_ text: String) -> WebhookReceiver.Answer { .raw(Array(text.utf8)) }
    let long = String(repeating: "x", count: 200_000)
    let cases: [(WebhookReceiver.Answer, OutboundFailure.Kind?, Int)] = [
      (.reset, .disconnected, 0), (.raw([]), .disconnected, 0), (line("garbage\r\n\r\n"), .badAnswer, 0),
      (line("HTTP/1.1 200 OK\r\nX: \(long)\r\n\r\n"), .tooLarge, 0),
      (line("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n\(long)"), nil, 200),
      (line("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .disconnected, 0),
      (line("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 OK\r\n\r\n"), nil, 204),
      (line(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5000)), .tooLarge, 0),
      (line("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n"), nil, 429), (.hang, .timeout, 0),
      (.drip(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .timeout, 0), (.drip(Array("HTTP/1.1 200".utf8)), .timeout, 0),
    ]
    let client = try makeClient()
    for (answer, kind, status) in cases {
      let limit = Duration.milliseconds(kind == .timeout ? 300 : 20_000)
      let reply = post(try answering(answer).url, client, limit: limit)
      XCTAssertEqual(reply.failure?.kind, kind, "\(String(describing: answer).prefix(60)): \(reply)")
      XCTAssertEqual(reply.status, status, "\(String(describing: answer).prefix(60))")
      XCTAssertLessThanOrEqual(reply.preview.count, 2048)
      if kind == .timeout { XCTAssertGreaterThanOrEqual(reply.duration, .milliseconds(295)) }
    }
  }

  func testNobodyThere_AndTLSGarbage() throws {
    let receiver = try answering(.raw(Array("HTTP/1.1 400 Bad\r\n\r\n".utf8)))
    let port = receiver.port
    XCTAssertEqual(post("https://127.0.0.1:\(port)/", try makeClient()).failure?.kind, .tls)
    receiver.close()
    XCTAssertEqual(post("http://127.0.0.1:\(port)/", try makeClient()).failure?.kind, .connect)
  }

  func testRetryAfter_IsReadInBothForms() throws {
    let seconds = try answering(.status(429, headers: [("Retry-After", "120")]))
    XCTAssertEqual(post(seconds.url, try makeClient()).retryAfter, .seconds(120))
    let date = try answering(.status(503, headers: [("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT")]))
    XCTAssertGreaterThan(post(date.url, try makeClient()).retryAfter ?? .zero, .seconds(3600))
    for odd in ["-1", "soon", "1e9"] {
      let receiver = try answering(.status(503, headers: [("Retry-After", odd)]))
      XCTAssertLessThanOrEqual(post(receiver.url, try makeClient()).retryAfter ?? .zero, .seconds(1), odd)
    }
  }

  func testManyAtOnce_AllComeBackUnderTheirTags() throws {
    let receiver = try answering(.status(200))
    let client = try makeClient()
    let tags = (0..<200).map(Int64.init)
    for tag in tags {
      client.start(
        OutboundRequest(url: receiver.url, headers: [], body: Array("\(tag)".utf8), timeLimit: .seconds(20)), tag: tag)
    }
    var ended: [Int64] = []
    while ended.count < tags.count { ended += client.poll(longest: .seconds(1)).map(\.tag) }
    XCTAssertEqual(ended.sorted(), tags)
    XCTAssertEqual(receiver.requests.map(\.text).compactMap(Int64.init).sorted(), tags)
    XCTAssertEqual(client.count, 0)
  }
}
