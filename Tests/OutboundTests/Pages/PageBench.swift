import Basics
import Glibc
import Synchronization
import XCTest

@testable import Outbound

/// A proxy with one door and a visit under way, and the names that its network knows.
final class PageBench: Sendable {
  let proxy: PageProxy
  let door: PageDoor
  let port: UInt16
  private let receivers = Mutex<[PageReceiver]>([])

  /// Every name that is not told otherwise is 127.0.0.1.
  static let anywhere: PageNames.Look = { _ in .addresses(["127.0.0.1"]) }

  init(
    allowed: String = "127.0.0.1/32", ports: String = "!22,25", patience: PagePatience = PagePatience(),
    visit: PageVisit? = PageBench.visit(), look: @escaping PageNames.Look = PageBench.anywhere
  ) throws {
    let addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list(allowed)), ports: try XCTUnwrap(PortSet(ports)))
    proxy = try PageProxy(addresses, log: .silent, patience: patience, look: look)
    let listener = try PagePeer.listen()
    port = listener.port
    door = try proxy.open(listener.descriptor)
    if let visit { door.begin(visit) }
  }

  static func visit(
    mostBytes: Int64 = 1 << 30, mostRequests: Int = 1000, timeLimit: Duration = .seconds(600), origin: PageOrigin? = nil
  ) -> PageVisit {
    PageVisit(mostBytes: mostBytes, mostRequests: mostRequests, timeLimit: timeLimit, origin: origin)
  }

  /// A receiver that is closed with the bench.
  func receiver(_ serve: @escaping @Sendable (PagePeer) -> Void) throws -> PageReceiver {
    let receiver = try PageReceiver(PageHeads(), serve)
    receivers.withLock { $0.append(receiver) }
    return receiver
  }

  func answering(_ answer: String) throws -> PageReceiver {
    let receiver = try PageReceiver.answering(answer)
    receivers.withLock { $0.append(receiver) }
    return receiver
  }

  func connect() throws -> PagePeer { try PagePeer(connectingTo: port) }

  /// All that is answered to these bytes, until the connection ends.
  func exchange(_ bytes: String) throws -> String {
    let peer = try connect()
    peer.send(bytes)
    return peer.text()
  }

  /// The answer to a plain GET.
  func get(_ url: String) throws -> String {
    try exchange("GET \(url) HTTP/1.1\r\nHost: x\r\n\r\n")
  }

  /// A tunnel whose head has been answered, or nil with the answer it had instead.
  func tunnel(to authority: String) throws -> (peer: PagePeer, head: String) {
    let peer = try connect()
    peer.send("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
    return (peer, peer.head())
  }

  func close() {
    proxy.close()
    for receiver in receivers.withLock(\.self) { receiver.close() }
  }
}

extension XCTestCase {
  /// A bench that is closed after the test.
  func kept(_ bench: PageBench) -> PageBench {
    addTeardownBlock { bench.close() }
    return bench
  }

  func assertRefused(
    _ answer: String, _ status: Int, _ word: String?, _ note: String = "", file: StaticString = #filePath,
    line: UInt = #line
  ) {
    XCTAssertTrue(answer.hasPrefix("HTTP/1.1 \(status) "), "\(note): \(answer)", file: file, line: line)
    XCTAssertTrue(
      answer.hasSuffix("Content-Length: 0\r\nConnection: close\r\n\r\n"), "\(note): \(answer)", file: file, line: line)
    let field = answer.split(separator: "\r\n").first { $0.hasPrefix("X-Wonder-Refused: ") }
    XCTAssertEqual(field.map(String.init), word.map { "X-Wonder-Refused: \($0)" }, note, file: file, line: line)
  }
}
