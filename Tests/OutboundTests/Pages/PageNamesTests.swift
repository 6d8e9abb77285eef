import Basics
import Glibc
import Synchronization
import XCTest

@testable import Outbound

/// Names that are unknown, slow or never answered, and addresses that nobody is at.
final class PageNamesTests: XCTestCase {
  private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

  /// Knows every name but those that hang until the gate is closed; counts what it is asked.
  private final class Names: Sendable {
    let gate = Doorbell()
    let asked = Mutex<[String: Int]>([:])

    @Sendable func look(_ host: String) -> PageResolution {
      asked.withLock { $0[host, default: 0] += 1 }
      if host.hasPrefix("hang") { while gate.wait() {} }
      if host.hasPrefix("silent") { return .silent }
      return host.hasPrefix("unknown") ? .unknown : .addresses(["127.0.0.1"])
    }
  }

  private func makeBench(_ names: Names, _ patience: PagePatience = PagePatience()) throws -> PageBench {
    let bench = try PageBench(patience: patience, look: names.look)
    addTeardownBlock {
      names.gate.close()
      bench.close()
    }
    return bench
  }

  func testUnknownAndSilentNames_AreTold() throws {
    let names = Names()
    let bench = try makeBench(names)
    assertRefused(try bench.get("http://Unknown.Example/"), 502, "name")
    assertRefused(try bench.tunnel(to: "silent.example:443").head, 504, "timeout")
    assertRefused(try bench.get("http://nobody.invalid/"), 502, "name")
    assertRefused(try bench.get("http://invalid./"), 502, "name")
    XCTAssertEqual(
      bench.door.traffic.troubles,
      [
        "unknown.example": .unknownName, "silent.example": .noAnswerInTime, "nobody.invalid": .unknownName,
        "invalid.": .unknownName,
      ])
    XCTAssertNil(names.asked.withLock { $0["nobody.invalid"] })
  }

  /// Twenty names that hang hold up neither an address nor another door's names, and end in their time.
  func testNamesThatHang_HoldNothingElseUp() throws {
    let names = Names()
    let bench = try makeBench(names)
    let server = try bench.answering(ok)
    let hanging = try (0..<20).map { number in
      let peer = try bench.connect()
      peer.send("GET http://hang\(number):\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
      return peer
    }
    XCTAssertTrue(try bench.get("http://127.0.0.1:\(server.port)/").hasSuffix("hello"))
    let other = try PagePeer.listen()
    let door = try bench.proxy.open(other.descriptor)
    door.begin(PageBench.visit())
    let peer = try PagePeer(connectingTo: other.port)
    peer.send("GET http://quick:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertTrue(peer.text().hasSuffix("hello"))
    names.gate.close()
    for peer in hanging { XCTAssertTrue(peer.text().hasSuffix("hello")) }
  }

  func testNameThatHangs_EndsInItsTime() throws {
    let bench = try makeBench(Names(), PagePatience(look: .milliseconds(50)))
    assertRefused(try bench.get("http://hang/"), 504, "timeout")
    XCTAssertEqual(bench.door.traffic.troubles, ["hang": .noAnswerInTime])
  }

  /// More names than may wait are refused at once; those of a visit that has ended wait no more.
  func testTooManyNames_AreRefused() throws {
    let names = Names()
    let bench = try makeBench(names)
    let server = try bench.answering(ok)
    let peers = try (0..<100).map { number in
      let peer = try bench.connect()
      peer.send("CONNECT hang\(number):443 HTTP/1.1\r\nHost: a\r\n\r\n")
      return peer
    }
    // The others have been read once this one, which came after them, has been answered.
    XCTAssertTrue(try bench.get("http://127.0.0.1:\(server.port)/").hasSuffix("hello"))
    let busy = bench.door.traffic.troubles
    XCTAssertEqual(Set(busy.values.map(\.description)), [PageTrouble.busy.description])
    // The threads may have taken some of the names by then.
    XCTAssertTrue((100 - PageNames.mostWaiting - 4...100 - PageNames.mostWaiting).contains(busy.count), "\(busy.count)")
    for (number, peer) in peers.enumerated() where busy["hang\(number)"] != nil {
      assertRefused(peer.text(), 504, "timeout")
    }
    bench.door.begin(PageBench.visit())
    let peer = try bench.connect()
    peer.send("GET http://hang-again:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
    names.gate.close()
    XCTAssertTrue(peer.text().hasSuffix("hello"))
  }

  /// Connections that want a name at the same time share its answer, and a later one asks anew.
  func testSameNameAtTheSameTime_IsAskedOnce() throws {
    let names = Names()
    let bench = try makeBench(names)
    let server = try bench.answering(ok)
    let peers = try (0..<6).map { _ in
      let peer = try bench.connect()
      peer.send("GET http://hang:\(server.port)/ HTTP/1.1\r\nHost: a\r\n\r\n")
      return peer
    }
    // All six wait once this one, which came after them, has been answered.
    XCTAssertTrue(try bench.get("http://127.0.0.1:\(server.port)/").hasSuffix("hello"))
    names.gate.close()
    for peer in peers { XCTAssertTrue(peer.text().hasSuffix("hello")) }
    XCTAssertEqual(names.asked.withLock { $0["hang"] }, 1)
    XCTAssertTrue(try bench.get("http://hang:\(server.port)/").hasSuffix("hello"))
    XCTAssertEqual(names.asked.withLock { $0["hang"] }, 2)
  }

  func testAddressThatNobodyIsAt_GivesWayToTheNext() throws {
    let bench = kept(
      try PageBench(allowed: "127.0.0.0/8") { host in
        .addresses(host == "none" ? ["127.0.0.3"] : ["127.0.0.3", "127.0.0.1"])
      })
    let server = try bench.answering(ok)
    XCTAssertTrue(try bench.get("http://a:\(server.port)/").hasSuffix("hello"))
    assertRefused(try bench.get("http://none:\(server.port)/"), 502, "connect")
    XCTAssertEqual(bench.door.traffic.troubles, ["none": .notConnected])
  }

  /// Nobody accepts and the queue of connections is full, so nothing answers the first packet.
  func testConnectionThatNobodyAnswers_EndsInItsTime() throws {
    let bench = kept(try PageBench(patience: PagePatience(connect: .milliseconds(100))))
    let queue = try PagePeer.listen(backlog: 0)
    defer { close(queue.descriptor) }
    var name = PagePeer.loopback(queue.port)
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let fillers = (0..<8).map { _ in PagePeer(socket(AF_INET, kind, 0)) }
    for filler in fillers {
      withUnsafePointer(to: &name) { pointer in
        _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(filler.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    assertRefused(try bench.get("http://a:\(queue.port)/"), 504, "timeout")
    XCTAssertEqual(bench.door.traffic.troubles, ["a": .noAnswerInTime])
  }
}
