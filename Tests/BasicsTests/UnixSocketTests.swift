import Basics
import Glibc
import XCTest

final class UnixSocketTests: XCTestCase {
  private let path = "/tmp/wonder-test-\(getpid())-unix"

  override func tearDown() { unlink(path) }

  func testIsLeftBehind_OfASocketThatIsOpen_IsFalse_WhateverItsKindAndStage() throws {
    for kind in [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET] {
      let bound = try bind(kind)
      XCTAssertFalse(UnixSocket.isLeftBehind(path), "\(kind), bound")
      if kind != SOCK_DGRAM {
        XCTAssertEqual(listen(bound, 0), 0)
        for _ in 0..<3 { XCTAssertFalse(UnixSocket.isLeftBehind(path), "\(kind), listening") }
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

  private func bind(_ kind: __socket_type) throws -> Int32 {
    let bound = socket(AF_UNIX, Int32(kind.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(bound, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    XCTAssertEqual(code, 0)
    return bound
  }
}
