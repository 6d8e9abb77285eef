import Basics
import Glibc
import XCTest

@testable import Outbound

/// Plain requests, from a page through the proxy to a server and back.
final class PageExchangeTests: XCTestCase {
  private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

  func testGet_GoesOnWithPathAndHostAndWithoutWhatConcernsTheConnection() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(ok)
    let answer = try bench.exchange(
      "GET http://Some.Example:\(server.port)/a%20b?c=d HTTP/1.1\r\nHost: other.example\r\nProxy-Connection: keep-alive\r\n"
        + "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\n"
        + "Proxy-Authorization: Basic eA==\r\nAccept: */*\r\nX-Two:  words here \r\n\r\n")
    XCTAssertEqual(answer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
    XCTAssertEqual(
      server.heads,
      [
        "GET /a%20b?c=d HTTP/1.1\r\nHost: some.example:\(server.port)\r\nAccept: */*\r\nX-Two: words here\r\n"
          + "Connection: close\r\n\r\n"
      ])
    let traffic = bench.door.traffic
    XCTAssertEqual(traffic.requests, 1)
    XCTAssertEqual(traffic.received, Int64(ok.utf8.count))
    XCTAssertEqual(traffic.sent, Int64(server.heads[0].utf8.count))
    XCTAssertEqual(traffic.troubles, [:])
    XCTAssertNil(traffic.exceeded)
  }

  func testTargets_AreMadePaths() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(ok)
    let cases = [
      ("GET http://a:\(server.port)", "GET / HTTP/1.1"), ("GET HTTP://a:\(server.port)?x", "GET /?x HTTP/1.1"),
      ("OPTIONS http://a:\(server.port)", "OPTIONS * HTTP/1.1"), ("GET http://a:\(server.port)//b", "GET //b HTTP/1.1"),
    ]
    for (request, line) in cases {
      XCTAssertTrue(try bench.exchange(request + " HTTP/1.1\r\nHost: a\r\n\r\n").hasSuffix("hello"))
      XCTAssertEqual(server.heads.last?.split(separator: "\r\n").first.map(String.init), line)
    }
  }

  /// The body of a request goes on as it is framed, whatever the pieces it comes in, and no byte that follows it.
  func testBodies_GoOnInTheirFrameAndNothingAfterThem() throws {
    let bench = kept(try PageBench())
    let chunks = "3\r\nabc\r\n0b;x=y\r\n0123456789a\r\n0\r\nX-Trailer: 1\r\n\r\n"
    for (field, body) in [("Content-Length: 6", "abcdef"), ("Transfer-Encoding: chunked", chunks)] {
      let bodies = PageHeads()
      let done = Doorbell()
      let server = try bench.receiver { peer in
        let head = peer.head()
        bodies.add(String(head.split(separator: "\r\n").first { $0.hasPrefix(field.prefix(10)) } ?? ""))
        bodies.add(peer.text(body.utf8.count))
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        // The proxy leaves once it has the answer, so this ends.
        bodies.add(peer.text())
        done.ring()
      }
      for pieces in [1, 7, 1000] {
        let peer = try bench.connect()
        let request = "POST http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n\(body)"
        let bytes = Array((request + "GET http://a:\(server.port)/second HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
          peer.send(Array(bytes[start..<min(bytes.count, start + pieces)]))
        }
        XCTAssertTrue(peer.text().hasSuffix("\r\n\r\nok"))
        XCTAssertTrue(done.wait(timeout: .seconds(60)))
      }
      XCTAssertEqual(server.connections, 3)
      XCTAssertEqual(bodies.all, Array(repeating: [field, body, ""], count: 3).flatMap(\.self))
    }
  }

  /// Requirement of a kept-alive connection: the second request never reaches the first one's host, nor any.
  func testSecondRequestOnAConnection_IsNotPassedOn() throws {
    let bench = kept(try PageBench())
    let first = try bench.answering(ok)
    let second = try bench.answering(ok)
    let answer = try bench.exchange(
      "GET http://a:\(first.port)/1 HTTP/1.1\r\nHost: a\r\n\r\nGET http://b:\(second.port)/2 HTTP/1.1\r\nHost: b\r\n\r\n"
    )
    XCTAssertEqual(answer.components(separatedBy: "HTTP/1.1 200").count, 2)
    XCTAssertEqual(first.heads.count, 1)
    XCTAssertFalse(first.heads[0].contains("/2"))
    XCTAssertEqual(second.connections, 0)
    XCTAssertEqual(bench.door.traffic.requests, 1)
  }

  /// Answers that have no body end at once, although the server stays.
  func testAnswersWithoutABody_EndWithTheirHead() throws {
    let bench = kept(try PageBench())
    let cases = [
      ("HEAD", "200 OK", "Content-Length: 99\r\n"), ("GET", "204 No Content", ""),
      ("GET", "304 Not Modified", "ETag: x\r\n"),
      ("GET", "200 OK", "Content-Length: 0\r\n"), ("HEAD", "200 OK", "Transfer-Encoding: chunked\r\n"),
    ]
    for (method, status, field) in cases {
      let server = try bench.receiver { peer in
        _ = peer.head()
        peer.send("HTTP/1.1 \(status)\r\n\(field)Keep-Alive: 9\r\nConnection: keep-alive\r\n\r\n")
        _ = peer.read()
      }
      let answer = try bench.exchange("\(method) http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
      XCTAssertEqual(answer.split(separator: "\r\n").first.map(String.init), "HTTP/1.1 \(status)")
      XCTAssertTrue(answer.hasSuffix("\(field)Connection: close\r\n\r\n") || answer.contains(field), answer)
      XCTAssertTrue(answer.hasSuffix("Connection: close\r\n\r\n"), answer)
      XCTAssertFalse(answer.lowercased().contains("keep-alive"), answer)
    }
  }

  /// A server that stays after its answer holds nobody up: the frame of the body says where it ends.
  func testAnswerInAFrame_EndsWithItAlthoughTheServerStays() throws {
    let bench = kept(try PageBench())
    let cases = [
      ("Content-Length: 3\r\n", "abc"), ("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
      ("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
    ]
    for (field, body) in cases {
      let server = try bench.receiver { peer in
        _ = peer.head()
        peer.send("HTTP/1.1 200 OK\r\n\(field)\r\n\(body)HTTP/1.1 200 OK\r\n\r\nmore")
        _ = peer.read()
      }
      let answer = try bench.get("http://a:\(server.port)/")
      XCTAssertTrue(answer.hasSuffix("\r\nConnection: close\r\n\r\n\(body)"), answer)
    }
    XCTAssertEqual(bench.door.traffic.troubles, [:])
  }

  func testInterimAnswers_PassBeforeTheAnswer() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(
      "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\nConnection: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\(ok)")
    XCTAssertEqual(
      try bench.get("http://a:\(server.port)/"),
      "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
    let old = try bench.exchange("GET http://a:\(server.port)/ HTTP/1.0\r\n\r\n")
    XCTAssertEqual(old, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
    XCTAssertTrue(server.heads.last?.hasPrefix("GET / HTTP/1.0\r\n") ?? false)
  }

  func testOldAnswer_EndsWithTheConnection() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering("HTTP/1.0 200 OK\nX-Folded: a\n  b\nno field\nSpaced : c\n\nall of it")
    XCTAssertEqual(
      try bench.get("http://a:\(server.port)/"),
      "HTTP/1.1 200 OK\r\nX-Folded: a   b\r\nSpaced: c\r\nConnection: close\r\n\r\nall of it")
  }

  /// 8 MiB each way at once, with a page and a server that read only when they have written.
  func testLargeBodies_BothWays() throws {
    let bench = kept(try PageBench())
    let size = 8 << 20
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 13) }
    let server = try bench.receiver { peer in
      _ = peer.head()
      let body = peer.read(size)
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
      peer.send(body)
    }
    let peer = try bench.connect()
    peer.send("PUT http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
    peer.send(bytes)
    _ = peer.head()
    XCTAssertTrue(peer.read() == bytes)
    XCTAssertGreaterThan(bench.door.traffic.sent, Int64(size))
    XCTAssertGreaterThan(bench.door.traffic.received, Int64(size))
  }

  /// The page reads nothing: the server cannot get rid of more than what fits into a few buffers.
  func testPageThatDoesNotRead_HoldsTheServerBack() throws {
    let bench = kept(try PageBench())
    let stuck = Doorbell()
    let size = 64 << 20
    let server = try bench.receiver { peer in
      _ = peer.head()
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
      _ = fcntl(peer.descriptor, F_SETFL, O_NONBLOCK)
      let piece = [UInt8](repeating: 1, count: 1 << 16)
      var entry = pollfd(fd: peer.descriptor, events: Int16(POLLOUT), revents: 0)
      // Until nothing has moved for half a second, which on a machine that is slow proves less and never fails.
      while poll(&entry, 1, 500) > 0, Glibc.send(peer.descriptor, piece, piece.count, Int32(MSG_NOSIGNAL)) > 0 {}
      stuck.ring()
      _ = fcntl(peer.descriptor, F_SETFL, 0)
    }
    let peer = try bench.connect()
    peer.send("GET http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertTrue(stuck.wait(timeout: .seconds(60)))
    XCTAssertLessThan(bench.door.traffic.received, Int64(size / 2))
  }

  /// The server answers before it has read the request's body, and leaves.
  func testEarlyAnswer_ReachesThePage() throws {
    let bench = kept(try PageBench())
    let server = try bench.receiver { peer in
      _ = peer.head()
      peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
      peer.endSending()
      _ = peer.read(100)
    }
    let peer = try bench.connect()
    peer.send("POST http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\nContent-Length: \(8 << 20)\r\n\r\n")
    // All of it is taken, for a page may read nothing before it has sent everything.
    XCTAssertTrue(peer.send([UInt8](repeating: 0x78, count: 8 << 20)))
    XCTAssertTrue(peer.text().hasSuffix("\r\n\r\nbig"))
  }

  /// A page that ends its side after the request still gets the answer.
  func testHalfClosedPage_GetsItsAnswer() throws {
    let bench = kept(try PageBench())
    let mayAnswer = Doorbell()
    let server = try bench.receiver { [ok] peer in
      _ = peer.head()
      _ = mayAnswer.wait(timeout: .seconds(60))
      peer.send(ok)
    }
    let peer = try bench.connect()
    peer.send("GET http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
    peer.endSending()
    mayAnswer.ring()
    XCTAssertTrue(peer.text().hasSuffix("hello"))
  }
}
