import Basics
import Synchronization
import XCTest

@testable import Outbound

/// Which addresses a page reaches: none that the guard objects to, however it is spelt and whatever names say.
final class PageJudgementTests: XCTestCase {
  private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

  /// Addresses of this machine and of inner networks, in every spelling that some program takes.
  private static let numeric = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f.0.0.1", "0x7F000001", "2130706433", "017700000001", "0177.0.0.1",
    "0177.0.0.01", "0x7f.0x0.0x0.0x1", "127.0.0.2", "127.255.255.254", "127.000.000.001", "0", "0.0.0.0", "0x0", "00",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]",
    "[::127.0.0.1]",
    "[0000:0000:0000:0000:0000:ffff:7f00:0001]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd00::1]", "[fec0::1]",
    "[ff02::1]", "10.0.0.1", "10.1", "0xa.1", "012.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "0xac100001",
    "192.168.0.1", "192.168.1", "0xc0a80001", "3232235521", "169.254.169.254", "0xa9fea9fe", "2852039166",
    "0251.0376.0251.0376",
    "169.254.43518", "[::ffff:a9fe:a9fe]", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
  ]
  /// Names, and what is no host at all.
  private static let others = [
    "localhost", "LOCALHOST", "localhost.", "foo.localhost", "127.0.0.1.", "127.0.0.1.example", "%31%32%37.0.0.1",
    "①②⑦.0.0.1",
    "0x7f000001.", "[::1]x", "[::1%25lo]", "[fe80::1%lo]", "127.0.0.1%00.example", "127.0.0.1\\.example", "256.0.0.1",
    "4294967297", "127.0.0.1.1", "0x", "[127.0.0.1]",
  ]

  func testEverySpellingOfAnInnerAddress_IsRefused() throws {
    let bench = kept(try PageBench(allowed: "", look: PageNames.system))
    let canary = try bench.answering(ok)
    for host in Self.numeric {
      assertRefused(try bench.get("http://\(host):\(canary.port)/"), 403, "address", host)
      let (peer, head) = try bench.tunnel(to: "\(host):\(canary.port)")
      assertRefused(head, 403, "address", host)
      XCTAssertEqual(peer.read(), [], host)
    }
    for host in Self.others {
      let answer = try bench.get("http://\(host):\(canary.port)/")
      XCTAssertTrue(["400", "403", "502", "504"].contains(String(answer.dropFirst(9).prefix(3))), "\(host): \(answer)")
    }
    XCTAssertEqual(canary.connections, 0)
    XCTAssertEqual(bench.door.traffic.sent, 0)
    XCTAssertEqual(bench.door.traffic.troubles["127.1"], .refused(.reserved("loopback")))
    XCTAssertLessThanOrEqual(bench.door.traffic.troubles.count, 100)
  }

  func testPorts_AreJudgedToo() throws {
    let bench = kept(try PageBench(ports: "!22,25"))
    assertRefused(try bench.get("http://a:25/"), 403, "port")
    assertRefused(try bench.tunnel(to: "b:22").head, 403, "port")
    XCTAssertEqual(bench.door.traffic.troubles, ["a": .refused(.port(25)), "b": .refused(.port(22))])
  }

  /// No word about which rule, which address, or whether anybody listens there.
  func testRefusals_AreAlike() throws {
    let bench = kept(try PageBench(allowed: ""))
    let canary = try bench.answering(ok)
    let urls = ["http://127.0.0.1:\(canary.port)/", "http://10.0.0.1/", "http://name.example/", "http://[fd00::1]/"]
    let answers = try urls.map { try bench.get($0) }
    XCTAssertEqual(Set(answers).count, 1)
    assertRefused(answers[0], 403, "address")
  }

  /// An address of an inner network among those of a name refuses the name, in whatever order.
  func testNameWithAMixOfAddresses_IsRefused() throws {
    let bench = kept(
      try PageBench { host in
        .addresses(host == "first" ? ["10.0.0.1", "127.0.0.1"] : ["127.0.0.1", "::ffff:10.0.0.1"])
      })
    let server = try bench.answering(ok)
    for host in ["first", "last"] { assertRefused(try bench.get("http://\(host):\(server.port)/"), 403, "address") }
    XCTAssertEqual(server.connections, 0)
    XCTAssertEqual(bench.door.traffic.troubles["first"], .refused(.reserved("private")))
    XCTAssertEqual(bench.door.traffic.troubles["last"], .refused(.reserved("IPv4-mapped")))
  }

  /// The name changes between two requests, as an attacker's does: each connection asks once and is judged by that.
  func testRebinding_IsRefusedAtTheNextRequest() throws {
    let asked = Mutex(0)
    let bench = kept(
      try PageBench { _ in
        asked.withLock { asked in
          asked += 1
          return .addresses([asked == 1 ? "127.0.0.1" : "127.0.0.2"])
        }
      })
    let server = try bench.answering(ok)
    let canary = try PageReceiver(at: "127.0.0.2", port: server.port) { _ in }
    defer { canary.close() }
    XCTAssertTrue(try bench.get("http://a:\(server.port)/").hasSuffix("hello"))
    XCTAssertEqual(asked.withLock(\.self), 1)
    assertRefused(try bench.get("http://a:\(server.port)/"), 403, "address")
    assertRefused(try bench.tunnel(to: "a:\(server.port)").head, 403, "address")
    XCTAssertEqual(asked.withLock(\.self), 3)
    XCTAssertEqual(server.connections, 1)
    XCTAssertEqual(canary.connections, 0)
  }

  /// A redirect is a request of the page's like any other.
  func testRedirectInwards_IsPassedOnAndThenRefused() throws {
    let bench = kept(try PageBench())
    let server = try bench.answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.9/\r\nContent-Length: 0\r\n\r\n")
    XCTAssertTrue(try bench.get("http://a:\(server.port)/").contains("\r\nLocation: http://127.0.0.9/\r\n"))
    assertRefused(try bench.get("http://127.0.0.9/"), 403, "address")
  }

  func testOwnPort_IsRefusedEvenWhereItsNetworkIsAllowed() throws {
    let addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22")))
    addresses.listens(on: try XCTUnwrap(IPAddress("127.0.0.1")), port: 8080)
    XCTAssertThrowsError(try PageDial(["127.0.0.1"], port: 8080, judgedBy: addresses)) { error in
      XCTAssertEqual(error as? PageTrouble, .refused(.own))
    }
    XCTAssertNoThrow(try PageDial(["127.0.0.1"], port: 8081, judgedBy: addresses))
  }
}
