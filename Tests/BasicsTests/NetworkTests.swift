import Basics
import XCTest

/// Networks and ports as settings list them.
final class NetworkTests: XCTestCase {
  private func contains(_ network: String, _ address: String) throws -> Bool {
    try XCTUnwrap(Network(network), network).contains(try XCTUnwrap(IPAddress(address), address))
  }

  func testContains_ComparesThePrefix() throws {
    for (network, inside, outside) in [
      ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"), ("192.168.4.0/22", "192.168.7.255", "192.168.8.0"),
      ("127.0.0.1", "127.0.0.1", "127.0.0.2"), ("fd00::/8", "fdff::1", "fe00::1"), ("::1", "::1", "::2"),
      ("10.0.0.1/8", "10.9.9.9", "11.0.0.1"), ("127.0.0.0/8", "::ffff:127.0.0.1", "::127.0.0.1"),
      ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"),
    ] {
      XCTAssertTrue(try contains(network, inside), network)
      XCTAssertFalse(try contains(network, outside), network)
    }
    XCTAssertTrue(try contains("0.0.0.0/0", "255.255.255.255"))
    XCTAssertFalse(try contains("0.0.0.0/0", "::1"))
    XCTAssertFalse(try contains("::/0", "127.0.0.1"))
  }

  func testNetwork_OfOddText_IsNone() {
    for text in [
      "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0/8", "x", "::1/129", "1",
    ] {
      XCTAssertNil(Network(text), text)
    }
    XCTAssertEqual(Network.list("10.0.0.0/8, ::1")?.count, 2)
    XCTAssertEqual(Network.list(""), [])
    XCTAssertNil(Network.list("10.0.0.0/8,y"))
  }

  func testPorts() throws {
    let some = try XCTUnwrap(PortSet("80,8000-8002"))
    XCTAssertEqual([79, 80, 8000, 8002, 8003].map(some.contains), [false, true, true, true, false])
    let most = try XCTUnwrap(PortSet("!22,25"))
    XCTAssertEqual([0, 21, 22, 25, 65_535].map(most.contains), [false, true, false, false, true])
    for text in ["", "!", "0", "70000", "9-8", "a", "1-2-3", "1,"] { XCTAssertNil(PortSet(text), text) }
  }
}
