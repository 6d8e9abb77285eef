import Basics
import XCTest

@testable import HTTP

final class TrustedProxiesTests: XCTestCase {
  func testNetworks_OfBothFamilies_HoldTheirAddresses() throws {
    let proxies = try TrustedProxies("127.0.0.1, 10.0.0.0/8 fd00::/8,2001:db8::7")
    for text in ["127.0.0.1", "::ffff:127.0.0.1", "10.255.0.1", "fd12::1", "2001:db8::7"] {
      XCTAssertTrue(proxies.trusts(try XCTUnwrap(IPAddress(text))), text)
    }
    for text in ["127.0.0.2", "11.0.0.1", "fe80::1", "2001:db8::8", "::127.0.0.1"] {
      XCTAssertFalse(proxies.trusts(try XCTUnwrap(IPAddress(text))), text)
    }
    XCTAssertTrue(try TrustedProxies("0.0.0.0/0").trusts(XCTUnwrap(IPAddress("8.8.8.8"))))
    XCTAssertFalse(try TrustedProxies("0.0.0.0/0").trusts(XCTUnwrap(IPAddress("2001:db8::1"))))
    XCTAssertFalse(try TrustedProxies("").trusts(XCTUnwrap(IPAddress("127.0.0.1"))))
    XCTAssertFalse(try TrustedProxies("::/0").trusts(.unix(user: 0)))
  }

  func testInit_WithBadEntries_NamesThem() {
    for text in ["nginx", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1", "10.0.0", "1.2.3.4,x"] {
      XCTAssertThrowsError(try TrustedProxies(text), text)
    }
  }

  func testAddress_IsShownInItsUsualForm() {
    for (text, shown) in ["::ffff:192.0.2.1": "192.0.2.1", "2001:DB8:0::1": "2001:db8::1", "10.0.0.1": "10.0.0.1"] {
      XCTAssertEqual(IPAddress(text)?.description, shown)
    }
    for text in ["fe80::1%eth0", "1.2.3", "0x7f.1", "", "1.2.3.4 "] { XCTAssertNil(IPAddress(text), text) }
  }

  func testOrigin_OfXForwarded_IsTheRightMostStranger() throws {
    let cases: [([String], String)] = [
      ([], "127.0.0.1"), (["203.0.113.9"], "203.0.113.9"), (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
      (["6.6.6.6, 203.0.113.9, 10.1.1.1"], "203.0.113.9"), (["203.0.113.9", "10.1.1.1"], "203.0.113.9"),
      (["10.0.0.5, 10.1.1.1"], "10.0.0.5"), (["unknown, 10.1.1.1"], "10.1.1.1"), (["junk"], "127.0.0.1"),
      (["203.0.113.9:8443"], "203.0.113.9"), (["[2001:db8::1]:443"], "2001:db8::1"), (["2001:db8::1"], "2001:db8::1"),
      (["203.0.113.9,"], "127.0.0.1"),
    ]
    for (values, client) in cases {
      XCTAssertEqual(try origin(values.map { (.forwardedFor, $0) }).client?.description, client, "\(values)")
    }
  }

  func testOrigin_OfForwarded_IsReadAsRFC7239Says() throws {
    let value = #"for=6.6.6.6;proto=http, For="[2001:db8:cafe::17]:4711";Proto=https;host="files.example:8443""#
    let hop = try origin([(.forwarded, value + ", for=10.0.0.7;by=_x")])
    XCTAssertEqual(hop, .init(client: IPAddress("2001:db8:cafe::17"), scheme: "https", host: "files.example:8443"))
    XCTAssertEqual(try origin([(.forwarded, "for=_hidden")]).client?.description, "127.0.0.1")
    XCTAssertEqual(try origin([(.forwarded, #"for="1.2.3.4, 5.6.7.8""#)]).client?.description, "127.0.0.1")
  }

  func testOrigin_WithBoth_BelievesTheOlderFields() throws {
    let fields: [(name: HeaderName, value: String)] = [(.forwarded, "for=6.6.6.6"), (.forwardedFor, "203.0.113.9")]
    XCTAssertEqual(try origin(fields).client?.description, "203.0.113.9")
  }

  func testOrigin_WithBadSchemeOrHost_IgnoresThem() throws {
    let hop = try origin([(.forwardedFor, "203.0.113.9"), (.forwardedProto, "ftp"), (.forwardedHost, "a/b\"<x>")])
    XCTAssertEqual(hop, .init(client: IPAddress("203.0.113.9")))
  }

  private func origin(_ fields: [(name: HeaderName, value: String)]) throws -> ForwardedFields.Hop {
    ForwardedFields(Headers(fields)).origin(
      from: IPAddress("127.0.0.1"), trusting: try TrustedProxies("127.0.0.1, 10.0.0.0/8"))
  }
}
