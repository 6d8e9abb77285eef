import Basics
import Glibc
import Synchronization
import XCTest

@testable import Outbound

/// The begin, the bounds and the end of a visit.
final class PageVisitTests: XCTestCase {
  private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

  /// A server that takes all and answers nothing.
  private func mute(_ bench: PageBench) throws -> PageReceiver { try bench.receiver { _ = $0.read() } }

  func testDoorWithoutAVisit_ClosesWhoComes() throws {
    let bench = kept(try PageBench(visit: nil))
    let server = try bench.answering(ok)
    let url = "http://a:\(server.port)/"
    XCTAssertEqual(try bench.get(url), "")
    bench.door.begin(PageBench.visit())
    XCTAssertTrue(try bench.get(url).hasSuffix("hello"))
    bench.door.end()
    XCTAssertEqual(try bench.get(url), "")
    XCTAssertEqual(server.connections, 1)
  }

  func testFigures_StayUntilTheNextVisitBegins() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(ok)
    _ = try bench.get("http://a:\(server.port)/")
    _ = try bench.get("http://b.invalid/")
    bench.door.end()
    XCTAssertEqual(bench.door.traffic.requests, 2)
    XCTAssertEqual(bench.door.traffic.received, Int64(ok.utf8.count))
    XCTAssertEqual(bench.door.traffic.troubles.count, 1)
    bench.door.begin(PageBench.visit())
    XCTAssertEqual(bench.door.traffic, PageTraffic())
  }

  /// Only the first trouble of a host is kept, and only of a hundred hosts.
  func testTroubles_AreTheFirstOfAHundredHosts() throws {
    let bench = kept(try PageBench(allowed: ""))
    for number in 0..<120 { _ = try bench.get("http://h\(number).invalid/") }
    let troubles = bench.door.traffic.troubles
    XCTAssertEqual(Set(troubles.keys), Set((0..<100).map { "h\($0).invalid" }))
    var traffic = PageTraffic()
    traffic.note(.lost, of: "a")
    traffic.note(.badAnswer, of: "a")
    XCTAssertEqual(traffic.troubles, ["a": .lost])
  }

  /// A visit may move exactly as many bytes as it may, and no more.
  func testBytes_AreBounded() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(ok)
    let url = "http://a:\(server.port)/"
    _ = try bench.get(url)
    let bytes = bench.door.traffic.received + bench.door.traffic.sent
    bench.door.begin(PageBench.visit(mostBytes: bytes))
    XCTAssertTrue(try bench.get(url).hasSuffix("hello"))
    XCTAssertNil(bench.door.traffic.exceeded)
    let quiet = try mute(bench)
    let (idle, head) = try bench.tunnel(to: "b:\(quiet.port)")
    XCTAssertTrue(head.hasPrefix("HTTP/1.1 200 "))
    XCTAssertEqual(try bench.get(url), "")
    XCTAssertEqual(bench.door.traffic.exceeded, .bytes)
    XCTAssertEqual(idle.read(), [])
    assertRefused(try bench.get(url), 403, "limit")
    assertRefused(try bench.tunnel(to: "b:\(quiet.port)").head, 403, "limit")
    bench.door.begin(PageBench.visit(mostBytes: bytes - 1))
    XCTAssertFalse(try bench.get(url).hasSuffix("hello"))
    XCTAssertEqual(bench.door.traffic.exceeded, .bytes)
    XCTAssertEqual(bench.door.traffic.received + bench.door.traffic.sent, bytes)
  }

  /// A large answer or upload stops where the bound is, and not a buffer later.
  func testBytes_AreBoundedInTheMidstOfABody() throws {
    let bench = kept(try PageBench(visit: PageBench.visit(mostBytes: 300_000)))
    let server = try bench.receiver { peer in
      peer.send([UInt8](repeating: 1, count: 4 << 20))
      _ = peer.read()
    }
    let (peer, _) = try bench.tunnel(to: "a:\(server.port)")
    XCTAssertLessThanOrEqual(peer.read().count, 300_000)
    XCTAssertEqual(bench.door.traffic.received, 300_001)
    let sink = try mute(bench)
    bench.door.begin(PageBench.visit(mostBytes: 300_000))
    let (other, _) = try bench.tunnel(to: "a:\(sink.port)")
    other.send([UInt8](repeating: 1, count: 4 << 20))
    XCTAssertEqual(other.read(), [])
    XCTAssertEqual(bench.door.traffic.sent, 300_000)
    XCTAssertEqual(bench.door.traffic.exceeded, .bytes)
  }

  func testRequests_AreBounded() throws {
    let bench = kept(try PageBench(visit: PageBench.visit(mostRequests: 2)))
    let server = try bench.answering(ok)
    let quiet = try mute(bench)
    let (idle, _) = try bench.tunnel(to: "b:\(quiet.port)")
    XCTAssertTrue(try bench.get("http://a:\(server.port)/").hasSuffix("hello"))
    XCTAssertFalse(bench.door.traffic.isExceeded)
    assertRefused(try bench.get("http://a:\(server.port)/"), 403, "limit")
    XCTAssertEqual(idle.read(), [])
    XCTAssertEqual(bench.door.traffic.exceeded, .requests)
    XCTAssertEqual(bench.door.traffic.requests, 2)
    XCTAssertEqual(server.connections, 1)
  }

  func testTime_IsBounded() throws {
    let bench = kept(try PageBench(visit: PageBench.visit(timeLimit: .milliseconds(200))))
    let quiet = try mute(bench)
    XCTAssertEqual(try bench.get("http://a:\(quiet.port)/"), "")
    XCTAssertEqual(bench.door.traffic.exceeded, .time)
    assertRefused(try bench.get("http://a:\(quiet.port)/"), 403, "limit")
  }

  func testSilence_EndsAConnection() throws {
    let bench = kept(try PageBench(patience: PagePatience(idle: .milliseconds(100))))
    let quiet = try mute(bench)
    assertRefused(try bench.get("http://a:\(quiet.port)/"), 504, "timeout")
    XCTAssertEqual(bench.door.traffic.troubles, ["a": .noAnswerInTime])
    XCTAssertEqual(try bench.tunnel(to: "b:\(quiet.port)").peer.read(), [])
    XCTAssertEqual(try bench.connect().read(), [])
    XCTAssertEqual(try bench.exchange("GET http://a"), "")
  }

  /// Each byte begins the wait anew: a server that is slow and not silent is waited for.
  func testSlowServer_IsWaitedFor() throws {
    let bench = kept(try PageBench(patience: PagePatience(idle: .seconds(2))))
    let server = try bench.receiver { peer in
      _ = peer.head()
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
      var entry = pollfd(fd: peer.descriptor, events: Int16(POLLIN), revents: 0)
      // Nothing comes: the wait is what is slow about it, four times as long altogether as silence may be.
      for _ in 0..<8 where poll(&entry, 1, 400) == 0 { peer.send("x") }
    }
    XCTAssertTrue(try bench.get("http://a:\(server.port)/").hasSuffix("\r\n\r\nxxxxxxxx"))
  }

  private func openDescriptors() throws -> Int {
    let folder = try XCTUnwrap(opendir("/proc/self/fd"))
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
  }

  /// Connections of every kind end before `end` returns, and none of their descriptors stays open.
  func testEnd_ClosesEverythingAtOnce() throws {
    let gate = Doorbell()
    let bench = try PageBench { host in
      if host == "hang" { while gate.wait() {} }
      return .addresses(["127.0.0.1"])
    }
    addTeardownBlock {
      gate.close()
      bench.close()
    }
    // Nobody accepts here, so the kernel alone connects and no descriptor but the proxy's comes and goes.
    let quiet = try PagePeer.listen()
    defer { close(quiet.descriptor) }
    bench.door.end()
    let before = try openDescriptors()
    bench.door.begin(PageBench.visit())
    var peers: [PagePeer] = []
    for _ in 0..<5 {
      peers.append(try bench.tunnel(to: "a:\(quiet.port)").peer)
      for text in [
        "", "GET http://a", "GET http://hang/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a:\(quiet.port)/ HTTP/1.1\r\nHost: a\r\n\r\n",
      ] {
        let peer = try bench.connect()
        peer.send(text)
        peers.append(peer)
      }
    }
    _ = try bench.tunnel(to: "a:\(quiet.port)")
    XCTAssertGreaterThanOrEqual(try openDescriptors(), before + peers.count + 15)
    bench.door.end()
    XCTAssertEqual(try openDescriptors(), before + peers.count)
    for peer in peers { XCTAssertEqual(peer.read(), []) }
  }

  /// The next connections wait in the kernel until there is room.
  func testConnections_AreBounded() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering(ok)
    var peers = try (0..<PageDoor.mostConnections).map { _ in try bench.connect() }
    let next = try bench.connect()
    next.send("GET http://a:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
    var entry = pollfd(fd: next.descriptor, events: Int16(POLLIN), revents: 0)
    XCTAssertEqual(poll(&entry, 1, 100), 0)
    XCTAssertEqual(bench.door.traffic.requests, 0)
    peers.removeLast()
    XCTAssertTrue(next.text().hasSuffix("hello"))
  }

  func testClosedDoor_AcceptsNobody() throws {
    let bench = kept(try PageBench())
    let quiet = try mute(bench)
    let (peer, _) = try bench.tunnel(to: "a:\(quiet.port)")
    bench.door.close()
    XCTAssertEqual(peer.read(), [])
    XCTAssertThrowsError(try bench.connect())
    bench.door.begin(PageBench.visit())
    bench.door.end()
  }

  /// After the end of the proxy its doors do nothing, and it has none more.
  func testClosedProxy_DoesNothingAnyMore() throws {
    let before = try openDescriptors()
    let bench = try PageBench()
    let quiet = try mute(bench)
    let (peer, _) = try bench.tunnel(to: "a:\(quiet.port)")
    bench.close()
    XCTAssertEqual(peer.read(), [])
    bench.door.begin(PageBench.visit())
    bench.door.end()
    bench.door.close()
    _ = try bench.proxy.open(PagePeer.listen().descriptor)
    XCTAssertThrowsError(try bench.connect())
    XCTAssertThrowsError(try bench.proxy.open(-1))
    bench.proxy.close()
    withExtendedLifetime(peer) {}
    XCTAssertLessThanOrEqual(try openDescriptors(), before + 3)
  }
}
