import Basics
import TestSupport
import XCTest

@testable import Outbound

/// Stripe's table of addresses, asked for through the proxy (corpora/ssrf).
final class PageSmokescreenTests: XCTestCase {
  func testWhatSmokescreenDeniesByDefault_IsRefusedToPages() throws {
    let document = try JSONReader.parse(Corpora.bytes("ssrf/smokescreen-cases.json"))
    let cases = try XCTUnwrap(document["cases"]?.array)
    let bench = kept(try PageBench(allowed: ""))
    var refused = 0
    for entry in cases {
      let verdict = try XCTUnwrap(entry["verdict"]?.string)
      // What an operator had allowed or denied there, and what is public, says nothing about this table.
      if ["ipAllowDefault", "ipAllowUserConfigured", "ipDenyUserConfigured", "ipDenySelfConnection"].contains(verdict) {
        continue
      }
      let address = try XCTUnwrap(entry["addr"]?.string)
      let host = address.contains(":") ? "[\(address)]" : address
      assertRefused(try bench.get("http://\(host):\(entry["port"]?.integer ?? 80)/"), 403, "address", address)
      refused += 1
    }
    XCTAssertGreaterThan(refused, 15)
    XCTAssertEqual(bench.door.traffic.sent, 0)
  }
}
