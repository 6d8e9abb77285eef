import Basics
import XCTest

@testable import Outbound

/// CONNECT: bytes both ways, whatever they are.
final class PageTunnelTests: XCTestCase {
  func testTunnel_CarriesBytesBothWays() throws {
    let bench = kept(try PageBench())
    let server = try bench.receiver { peer in
      while true {
        let byte = peer.read(1)
        if byte.isEmpty { break }
        peer.send(byte)
      }
    }
    let peer = try bench.connect()
    // The first bytes of the tunnel come with its head, before it is answered.
    peer.send("CONNECT a:\(server.port) HTTP/1.1\r\nHost: a\r\n\r\nfirst")
    XCTAssertEqual(peer.head(), "HTTP/1.1 200 Connected\r\n\r\n")
    XCTAssertEqual(peer.text(5), "first")
    for text in ["one", "two", "GET / HTTP/1.1\r\n\r\n"] {
      peer.send(text)
      XCTAssertEqual(peer.text(text.utf8.count), text)
    }
    peer.endSending()
    XCTAssertEqual(peer.read(), [])
    XCTAssertEqual(bench.door.traffic.requests, 1)
    XCTAssertEqual(bench.door.traffic.sent, bench.door.traffic.received)
  }

  /// Each side may end while the other goes on.
  func testHalfClose_IsPassedOnEitherWay() throws {
    let bench = kept(try PageBench())
    let server = try bench.receiver { peer in
      let all = peer.read()
      peer.send("got \(all.count)")
    }
    let (peer, _) = try bench.tunnel(to: "a:\(server.port)")
    peer.send("abc")
    peer.endSending()
    XCTAssertEqual(peer.text(), "got 3")

    let heard = PageHeads()
    let done = Doorbell()
    let other = try bench.receiver { peer in
      peer.send("bye")
      peer.endSending()
      heard.add(peer.text())
      done.ring()
    }
    let (second, _) = try bench.tunnel(to: "a:\(other.port)")
    XCTAssertEqual(second.text(), "bye")
    second.send("still here")
    second.endSending()
    XCTAssertTrue(done.wait(timeout: .seconds(60)))
    XCTAssertEqual(heard.all, ["still here"])
  }

  /// 8 MiB each way, written and read at once.
  func testManyBytes_AtOnceBothWays() throws {
    let bench = kept(try PageBench())
    let size = 8 << 20
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 17 &+ $0 >> 11) }
    let server = try bench.receiver { peer in
      let writer = ServiceThread("writer") { peer.send(bytes) }
      XCTAssertTrue(peer.read(size) == bytes)
      writer.join()
    }
    let (peer, head) = try bench.tunnel(to: "a:\(server.port)")
    XCTAssertTrue(head.hasPrefix("HTTP/1.1 200 "))
    let writer = ServiceThread("writer") { peer.send(bytes) }
    XCTAssertTrue(peer.read(size) == bytes)
    writer.join()
    XCTAssertEqual(bench.door.traffic.received, Int64(size))
  }

  func testServersReset_EndsTheTunnelWithOne() throws {
    let bench = kept(try PageBench())
    let mayLeave = Doorbell()
    let server = try bench.receiver { peer in
      _ = peer.read(1)
      _ = mayLeave.wait(timeout: .seconds(60))
      peer.reset()
    }
    let (peer, _) = try bench.tunnel(to: "a:\(server.port)")
    peer.send("x")
    mayLeave.ring()
    XCTAssertTrue(peer.isReset())
  }
}
