import Basics
import Glibc
import Synchronization
import XCTest

@testable import Outbound

/// The site of our own, whose files never touch the network.
final class PageOriginTests: XCTestCase {
  private static let host = "k3j0q.invalid"

  /// Files by their paths, and the paths that were asked for.
  private final class Site: Sendable {
    let asked = PageHeads()
    let files: [String: PageFile]
    init(_ files: [String: PageFile]) { self.files = files }

    var origin: PageOrigin {
      PageOrigin(host: PageOriginTests.host) { [self] path in
        asked.add(path)
        return files[path]
      }
    }
  }

  private func makeBench(_ site: Site) throws -> PageBench {
    kept(
      try PageBench(visit: PageBench.visit(origin: site.origin)) { host in
        XCTFail("\(host) was looked up")
        return .unknown
      })
  }

  private func get(_ path: String, _ bench: PageBench) throws -> String {
    try bench.get("http://\(Self.host)\(path)")
  }

  func testFile_IsAnsweredWithItsTypeAndLength() throws {
    let site = Site([
      "/": PageFile(mediaType: "text/html", content: .bytes(Array("<p>hello".utf8))),
      "/a b/ü.png": PageFile(mediaType: "image/png", content: .bytes([])),
    ])
    let bench = try makeBench(site)
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    for url in ["", "/", "/?q=/../x", "?x"] { XCTAssertEqual(try get(url, bench), head + "<p>hello", url) }
    XCTAssertEqual(try bench.exchange("GET http://K3J0Q.Invalid:80/ HTTP/1.0\r\n\r\n"), head + "<p>hello")
    XCTAssertEqual(try bench.exchange("HEAD http://\(Self.host)/ HTTP/1.1\r\nHost: a\r\n\r\n"), head)
    XCTAssertTrue(
      try get("/a%20b/%C3%BC.png", bench).hasSuffix(
        "Content-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"))
    XCTAssertEqual(site.asked.all, ["/", "/", "/", "/", "/", "/", "/a b/ü.png"])
    XCTAssertEqual(bench.door.traffic.requests, 7)
    XCTAssertEqual(bench.door.traffic.received + bench.door.traffic.sent, 0)
  }

  /// A part of an open file is sent as it is, and the file stays open.
  func testPartOfAFile_IsReadWhereItLies() throws {
    let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 10) }
    let file = try MemoryFile.make(bytes)
    defer { close(file) }
    let site = Site([
      "/all": PageFile(mediaType: "a/b", content: .part(descriptor: file, offset: 0, length: Int64(bytes.count))),
      "/part": PageFile(mediaType: "a/b", content: .part(descriptor: file, offset: 1_000_003, length: 70_001)),
      "/none": PageFile(mediaType: "a/b", content: .part(descriptor: file, offset: 5, length: 0)),
      "/short": PageFile(mediaType: "a/b", content: .part(descriptor: file, offset: 3 << 20 - 10, length: 11)),
    ])
    let bench = try makeBench(site)
    for (path, range) in [("/all", 0..<bytes.count), ("/part", 1_000_003..<1_070_004), ("/none", 5..<5)] {
      let peer = try bench.connect()
      peer.send("GET http://\(Self.host)\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
      XCTAssertTrue(peer.head().contains("\r\nContent-Length: \(range.count)\r\n"), path)
      XCTAssertTrue(peer.read() == Array(bytes[range]), path)
    }
    let peer = try bench.connect()
    peer.send("GET http://\(Self.host)/short HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertTrue(peer.isReset())
    bench.door.end()
    XCTAssertGreaterThanOrEqual(fcntl(file, F_GETFD), 0)
  }

  func testWhatIsNotThere_Is404() throws {
    let site = Site(["/": PageFile(mediaType: "text/html\r\nX: y", content: .bytes([1]))])
    let bench = try makeBench(site)
    for path in ["/", "/missing", "/%252e%252e/a"] { assertRefused(try get(path, bench), 404, nil, path) }
    XCTAssertEqual(site.asked.all, ["/", "/missing", "/%2e%2e/a"])
    let unsafe = ["/..", "/../a", "/a/..", "/a/../b", "/%2e%2e/a", "/.%2E", "/..%2fa", "/a%00b", "/%zz", "/%ff", "/a%"]
    for path in unsafe { assertRefused(try get(path, bench), 404, nil, path) }
    XCTAssertEqual(site.asked.all.count, 3)
  }

  func testOtherMethods_Are405() throws {
    let bench = try makeBench(Site(["/": PageFile(mediaType: "a/b", content: .bytes([1]))]))
    for method in ["POST", "PUT", "OPTIONS", "get"] {
      let answer = try bench.exchange(
        "\(method) http://\(Self.host)/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
      assertRefused(answer, 405, nil, method)
      XCTAssertTrue(answer.contains("\r\nAllow: GET, HEAD\r\n"), method)
    }
    let peer = try bench.connect()
    peer.send("POST http://\(Self.host)/ HTTP/1.1\r\nHost: a\r\nContent-Length: \(8 << 20)\r\n\r\n")
    XCTAssertTrue(peer.send([UInt8](repeating: 0x78, count: 8 << 20)))
    assertRefused(peer.text(), 405, nil)
  }

  func testTunnelsAndOtherPorts_AreRefused() throws {
    let bench = try makeBench(Site(["/": PageFile(mediaType: "a/b", content: .bytes([1]))]))
    for port in [80, 443] { assertRefused(try bench.tunnel(to: "\(Self.host):\(port)").head, 403, "port") }
    assertRefused(try bench.get("http://\(Self.host):8080/"), 403, "port")
    XCTAssertEqual(bench.door.traffic.troubles, [Self.host: .notServed])
    assertRefused(try bench.get("http://other.invalid/"), 502, "name")
  }

  /// The site is that of one visit.
  func testNextVisit_HasItsOwnSite() throws {
    let bench = try makeBench(Site(["/": PageFile(mediaType: "a/b", content: .bytes([1]))]))
    bench.door.begin(PageBench.visit())
    assertRefused(try get("/", bench), 502, "name")
  }
}
