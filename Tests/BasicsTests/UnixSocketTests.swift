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

  /// As a worker is that was half made when its server was killed.
  func testProcessListening_OfAnHeirOfADeadProcess_IsNobody() throws {
    let script = """
      import os, socket, sys
      listener = socket.socket(socket.AF_UNIX)
      listener.bind(sys.argv[1])
      listener.listen()
      heir = os.fork()
      if heir:
          print(heir, flush=True)
          os._exit(0)
      os.close(1)
      os.close(2)
      listener.accept()[0].recv(1)
      """
    let heir = try XCTUnwrap(pid_t(Shell.run(["python3", "-c", script, path]).text.filter(\.isNumber)))
    defer { kill(heir, SIGKILL) }
    let connection = try XCTUnwrap(UnixSocket.connect(path), "the heir listens")
    defer { close(connection) }
    XCTAssertNil(try UnixSocket.process(listeningOn: path))
    unlink(path)
    let bound = try BoundSocket.make(at: path, SOCK_STREAM)
    defer { close(bound) }
    XCTAssertEqual(listen(bound, 1), 0)
    XCTAssertEqual(try UnixSocket.process(listeningOn: path), getpid())
  }
}
