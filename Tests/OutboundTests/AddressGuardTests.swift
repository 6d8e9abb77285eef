import Basics
import TestSupport
import XCTest

@testable import Outbound

final class AddressGuardTests: XCTestCase {
  private let ports = PortSet("!22,25,465,587,6000")

  private func makeGuard(_ allowed: String = "") throws -> AddressGuard {
    AddressGuard(allowed: try XCTUnwrap(Network.list(allowed)), ports: try XCTUnwrap(ports))
  }

  /// Stripe's table: what it allows by default we allow, what it denies by default we deny (corpora/ssrf).
  func testSmokescreensTable() throws {
    let addresses = try makeGuard()
    addresses.listens(on: try XCTUnwrap(IPAddress("192.168.1.100")), port: 4750)
    let document = try JSONReader.parse(Corpora.bytes("ssrf/smokescreen-cases.json"))
    let cases = try XCTUnwrap(document["cases"]?.array)
    XCTAssertEqual(cases.count, 35)
    for entry in cases {
      let address = try XCTUnwrap(entry["addr"]?.string)
      let verdict = try XCTUnwrap(entry["verdict"]?.string)
      let objection = addresses.objection(to: address, port: Int(entry["port"]?.integer ?? 0))
      switch verdict {
      case "ipAllowDefault": XCTAssertNil(objection, address)
      case "ipDenySelfConnection": XCTAssertEqual(objection, .own)
      // What Smokescreen's operator had allowed or denied is decided here by the table alone.
      case "ipAllowUserConfigured", "ipDenyUserConfigured": break
      default: XCTAssertNotNil(objection, "\(address) \(verdict)")
      }
    }
  }

  func testSmokescreensAllowedNetworks_AreAllowedHereToo() throws {
    let addresses = try makeGuard("10.0.1.1, 172.16.1.1/32 192.168.1.0/24,127.0.1.1")
    for address in ["10.0.1.1", "172.16.1.1", "192.168.1.1", "127.0.1.1"] {
      XCTAssertNil(addresses.objection(to: address, port: 80), address)
    }
    for address in ["10.0.1.2", "172.16.1.0", "192.168.2.1", "127.0.0.1"] {
      XCTAssertNotNil(addresses.objection(to: address, port: 80), address)
    }
  }

  /// The first and last address of every block, and the ones beside it that are public.
  func testBlocks_EndWhereIANASaysSo() throws {
    let addresses = try makeGuard()
    let inside = [
      "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0",
      "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0",
      "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255",
      "198.18.0.0", "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
      "239.255.255.255", "240.0.0.0", "255.255.255.255", "::", "::1", "::7f00:1", "::8.8.8.8", "0:ffff::1",
      "::ffff:0:127.0.0.1", "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
      "100::", "100::ffff:ffff:ffff:ffff", "100:0:0:1::", "2001::", "2001:0:7f00:1::", "2001:2::", "2001:10::",
      "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::",
      "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::", "fc00::",
      "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::",
      "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::", "ff02::2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    ]
    let outside = [
      "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
      "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
      "191.255.255.255", "192.0.1.0", "192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
      "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
      "223.255.255.255", "64:ff9a:ffff::", "64:ff9b:0:0:0:1::", "64:ff9b:2::", "100:0:1::", "2001:200::",
      "2001:db7:ffff::", "2001:db9::", "2003::", "2620:4f:8000::", "3ffe:ffff::", "3fff:1000::", "5eff::", "5f01::",
      "fbff:ffff::", "fe00::", "fe7f:ffff::", "2a00:1450::", "2606:4700::1111",
    ]
    for address in inside { XCTAssertNotNil(addresses.objection(to: address, port: 443), address) }
    for address in outside { XCTAssertNil(addresses.objection(to: address, port: 443), address) }
  }

  func testPorts_AreThoseOfTheSetting() throws {
    let addresses = try makeGuard()
    for port in [22, 25, 465, 587, 6000] { XCTAssertEqual(addresses.objection(to: "8.8.8.8", port: port), .port(port)) }
    for port in [1, 80, 443, 8080, 65_535] { XCTAssertNil(addresses.objection(to: "8.8.8.8", port: port)) }
    for port in [-1, 65_536] { XCTAssertEqual(addresses.objection(to: "8.8.8.8", port: port), .unreadable) }
  }

  func testOwnAddress_IsRefusedEvenInAnAllowedNetwork() throws {
    let addresses = try makeGuard("127.0.0.0/8,::/0")
    addresses.listens(on: try XCTUnwrap(IPAddress("127.0.0.1")), port: 8080)
    XCTAssertEqual(addresses.objection(to: "127.0.0.1", port: 8080), .own)
    XCTAssertNil(addresses.objection(to: "127.0.0.1", port: 8081))
    addresses.listens(on: try XCTUnwrap(IPAddress("0.0.0.0")), port: 9000)
    XCTAssertEqual(addresses.objection(to: "127.0.0.1", port: 9000), .own)
    XCTAssertEqual(addresses.objection(to: "0.0.0.0", port: 9000), .own)
  }

  func testOddTexts_AreRefused() throws {
    for text in ["", "localhost", "fe80::1%lo", "127.1", "0x7f000001", "1.1.1.1 "] {
      XCTAssertEqual(try makeGuard("0.0.0.0/0,::/0").objection(to: text, port: 80), .unreadable, text)
    }
  }

  func testOperatorsPlaces_MayBeInTheHouse_ButNotWhereCloudsTellSecretsNorHere() throws {
    let addresses = AddressGuard.forOperators()
    addresses.listens(on: try XCTUnwrap(IPAddress("127.0.0.1")), port: 8080)
    for (address, port) in [
      ("10.1.2.3", 443), ("172.31.0.1", 9000), ("192.168.0.1", 22), ("127.0.0.1", 9000), ("fd00::1", 1),
      ("8.8.8.8", 443),
    ] {
      XCTAssertNil(addresses.objection(to: address, port: port), address)
    }
    for address in ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::ffff:10.0.0.1", "255.255.255.255"] {
      XCTAssertNotNil(addresses.objection(to: address, port: 443), address)
    }
    XCTAssertEqual(addresses.objection(to: "127.0.0.1", port: 8080), .own)
  }
}
