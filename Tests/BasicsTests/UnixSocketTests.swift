import Basics
import Glibc
import TestSupport
import XCTest

final class UnixSocketTests: XCTestCase {
  private let path = "/tmp/wonder-test-\(getpid())-unix"

  override func tearDown() { unlink(path) }

  func testIsLeftBehind_OfASocketThatIsOpen_IsFalse_WhateverItsKindAndStage() throws {
    for kind in [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET] {
      let bound = try BoundSocket.make(at: path, kind)
      XCTAssertFalse(UnixSocket.isLeftBehind(path), "\(kind), bound")
      if kind != SOCK_DGRAM {
        XCTAssertEqual(listen(bound, 0), 0)
        for _ in 0..<3 { XCTAssertFalse(UnixSocket.isLeftBehind(path), "\(kind), listening") }
        XCTAssertEqual(fcntl(bound, F_SETFL, O_NONBLOCK), 0)
        XCTAssertEqual(accept(bound, nil, nil), -1)
      }
      close(bound)
      XCTAssertTrue(UnixSocket.isLeftBehind(path), "\(kind), closed")
      unlink(path)
    }
  }

  func testIsLeftBehind_OfNoSocket_IsFalse() {
    XCTAssertFalse(UnixSocket.isLeftBehind(path))
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    XCTAssertFalse(UnixSocket.isLeftBehind(path))
    XCTAssertFalse(UnixSocket.isLeftBehind("/tmp"))
    XCTAssertFalse(UnixSocket.isLeftBehind("/tmp/" + String(repeating: "x", count: 200)))
  }
}
