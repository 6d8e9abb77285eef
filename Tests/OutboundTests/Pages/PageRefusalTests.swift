import Basics
import XCTest

@testable import Outbound

/// Requests that are none, and answers that are none.
final class PageRefusalTests: XCTestCase {
  private func request(_ fields: String, _ body: String, _ port: UInt16, _ version: String = "HTTP/1.1") -> String {
    "POST http://a:\(port)/ \(version)\r\nHost: a\r\n\(fields)\r\n\(body)"
  }

  /// RFC 9112 section 6.3: what can be read in two ways goes nowhere.
  func testBodiesInTwoFramesOrABadOne_AreRefused() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let chunked = "Transfer-Encoding: chunked\r\n"
    let bodies = [
      ("Content-Length: 3\r\n" + chunked, "3\r\nabc\r\n0\r\n\r\n"), (chunked + "Content-Length: 3\r\n", "0\r\n\r\n"),
      ("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), ("Content-Length: 3, 3\r\n", "abc"),
      ("Content-Length: +3\r\n", "abc"), ("Content-Length: -3\r\n", "abc"), ("Content-Length: 0x3\r\n", "abc"),
      ("Content-Length: 3 3\r\n", "abc"), ("Content-Length:\r\n", ""), ("Content-Length: 9999999999999999999\r\n", ""),
      ("Content-Length : 3\r\n", "abc"), (" Content-Length: 3\r\n", "abc"), ("Content-Length\r\n", ""),
      ("X: a\r\n Content-Length: 3\r\n", "abc"), ("X: a\nContent-Length: 3\r\n", "abc"), ("X: a\rY: 3\r\n", ""),
      ("X: a\u{0}\r\n", ""), ("X\u{0}: a\r\n", ""), ("X: \u{7F}\r\n", ""), (": a\r\n", ""), ("X Y: a\r\n", ""),
      ("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), ("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
      ("Transfer-Encoding: identity\r\n", ""), ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
      (chunked + chunked, "0\r\n\r\n"), ("Transfer-Encoding: \u{B}chunked\r\n", "0\r\n\r\n"),
      (chunked, "\r\n0\r\n\r\n"), (chunked, "3\nabc\r\n0\r\n\r\n"), (chunked, "3\r\nabcd\r\n0\r\n\r\n"),
      (chunked, "3\r\nabc\n0\r\n\r\n"), (chunked, "-3\r\nabc\r\n"), (chunked, "0x3\r\nabc\r\n"), (chunked, ";a\r\n"),
      (chunked, "1000000000000000000\r\n"), (chunked, "0\r\nX\n\r\n\r\n"), (chunked, "0\r\n X: y\r\n\r\n"),
      (chunked, "3;a\rb\r\nabc\r\n"), (chunked, "3;" + String(repeating: "a", count: 5000) + "\r\n"),
      ("Host: b\r\n", ""),
    ]
    for (fields, body) in bodies {
      assertRefused(try bench.exchange(request(fields, body, server.port)), 400, nil, (fields + body).debugDescription)
    }
    assertRefused(try bench.exchange(request(chunked, "0\r\n\r\n", server.port, "HTTP/1.0")), 400, nil)
    XCTAssertEqual(server.connections, 0)
    XCTAssertEqual(bench.door.traffic.sent, 0)
  }

  func testHeadsThatAreNone_AreRefused() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let at = "a:\(server.port)"
    let targets = [
      "/", "*", at, "a", "https://\(at)/", "ftp://\(at)/", "ws://\(at)/", "file:///etc/passwd", "http:/\(at)/",
      "http:\(at)",
      "http://", "http:///", "http://:80/", "http://u@\(at)/", "http://u:p@\(at)/", "http://\(at)@b/",
      "http://\(at)/#x",
      "http://\(at)\\b/", "http://a:0/", "http://a:65536/", "http://a:99999999999999999999/", "http://a:-1/",
      "http://a:8 0/",
      "http://a:+80/", "http://[::1/", "http://[::1]x/", "http://[::1%25lo]:80/", "http://[]/", "http://[a.example]/",
      "http://%31%32%37.0.0.1/", "http://a%00b/", "http://a,b/", "http://ä/", "http://①②⑦.0.0.1/", "http://a\u{1}/",
      "http://\(at)/\u{7F}", "http://\(String(repeating: "a", count: 254))/",
    ]
    for target in targets {
      assertRefused(try bench.get(target), 400, nil, target.debugDescription)
    }
    let heads = [
      "\r\n\r\n", "GET\r\n\r\n", "GET http://\(at)/\r\n\r\n", "GET  http://\(at)/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://\(at)/ HTTP/1.1 \r\nHost: a\r\n\r\n", "GET http://\(at)/ HTTP/1.2\r\nHost: a\r\n\r\n",
      "GET http://\(at)/ HTTP/2.0\r\nHost: a\r\n\r\n", "GET http://\(at)/ http/1.1\r\nHost: a\r\n\r\n",
      "G(T http://\(at)/ HTTP/1.1\r\nHost: a\r\n\r\n", " GET http://\(at)/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://\(at)/ HTTP/1.1\r\n\r\n", "GET http://\(at)/ HTTP/1.1\nHost: a\n\n",
      "GET http://\(at)/ HTTP/1.0\r\nContent-Length: 5\r\n\nhello", "GET http://\(at)/ HTTP/1.0\r\nX: y\n\r\n",
      "GET http://\(at)/ HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 65_536))\r\n\r\n",
      "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT http://\(at)/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT u@\(at) HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT \(at)/x HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT \(at) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "CONNECT a: HTTP/1.1\r\nHost: a\r\n\r\n",
      "\u{16}\u{3}\u{1}\r\n\r\n",
    ]
    for head in heads { assertRefused(try bench.exchange(head), 400, nil, head.prefix(80).debugDescription) }
    XCTAssertEqual(server.connections, 0)
    XCTAssertEqual(bench.door.traffic, PageTraffic())
  }

  func testAnswersThatAreNone_AreToldAsLost() throws {
    let bench = kept(try PageBench())
    let long = String(repeating: "x", count: 70_000)
    let cases: [(String, PageTrouble)] = [
      ("", .lost), ("HTTP/1.1 200 OK\r\nX: y\r\n", .lost), ("garbage\r\n\r\n", .badAnswer),
      ("ICY 200 OK\r\n\r\n", .badAnswer),
      ("HTTP/2 200 OK\r\n\r\n", .badAnswer), ("HTTP/1.1 20 OK\r\n\r\n", .badAnswer),
      ("HTTP/1.1 099 OK\r\n\r\n", .badAnswer),
      ("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n", .badAnswer),
      ("HTTP/1.1 200 OK\r\nX: \(long)\r\n\r\n", .badAnswer),
      ("HTTP/1.1 200 OK\r\nX: \(long)", .badAnswer), ("HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", .badAnswer),
      ("HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n", .badAnswer), ("HTTP/1.1 200 O\rK\r\n\r\n", .badAnswer),
      ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", .badAnswer),
      ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .badAnswer),
    ]
    for (answer, trouble) in cases {
      let server = try bench.answering(answer)
      bench.door.begin(PageBench.visit())
      assertRefused(try bench.get("http://A.Example:\(server.port)/"), 502, "lost", answer.prefix(60).debugDescription)
      XCTAssertEqual(bench.door.traffic.troubles, ["a.example": trouble], answer.prefix(60).debugDescription)
    }
    let endless = try bench.receiver { peer in
      _ = peer.head()
      while peer.send("HTTP/1.1 102 Processing\r\n\r\n") {}
    }
    XCTAssertTrue(try bench.get("http://endless:\(endless.port)/").contains("\r\nX-Wonder-Refused: lost\r\n"))
  }

  /// What is cut off ends with a reset, so that nobody takes it for the whole.
  func testAnswerThatIsCutOff_EndsWithAReset() throws {
    let bench = kept(try PageBench())
    for head in [
      "Content-Length: 50\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n32\r\nhello",
      "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
      bench.door.begin(PageBench.visit())
      let server = try bench.answering("HTTP/1.1 200 OK\r\n" + head)
      let peer = try bench.connect()
      peer.send("GET http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
      XCTAssertTrue(peer.isReset(), head)
      XCTAssertNotNil(bench.door.traffic.troubles["a"])
    }
  }

  func testChunksInAnswerToHTTP10_AreNone() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assertRefused(try bench.exchange("GET http://a:\(server.port)/ HTTP/1.0\r\n\r\n"), 502, "lost")
  }
}
