import Basics
import Glibc
import XCTest

/// One end of a connection in a test, read and written by one thread at a time; a wait of a minute is a failure.
final class PagePeer: Sendable {
  let descriptor: Int32

  /// Takes the descriptor over.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var longest = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Connects to a port of 127.0.0.1.
  convenience init(connectingTo port: UInt16) throws {
    let descriptor = try check("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    self.init(descriptor)
    var name = PagePeer.loopback(port)
    try withUnsafePointer(to: &name) { pointer in
      _ = try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        try check("connect") { connect(descriptor, target, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
  }

  deinit { close(descriptor) }

  static func loopback(_ port: UInt16, _ address: String = "127.0.0.1") -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = inet_addr(address)
    return name
  }

  /// A listening socket and its port.
  static func listen(
    _ address: String = "127.0.0.1", port: UInt16 = 0, backlog: Int32 = 1024
  ) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = try check("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    var name = loopback(port, address)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &name) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        try check("bind") { bind(descriptor, target, size) }
        try check("listen") { Glibc.listen(descriptor, backlog) }
        try check("getsockname") { getsockname(descriptor, target, &size) }
      }
    }
    return (descriptor, UInt16(bigEndian: name.sin_port))
  }

  /// False when the other side has gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes until it ends as asked: after so many bytes, or when the connection does.
  func read(_ most: Int = .max) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < most {
      let count = recv(descriptor, &piece, min(piece.count, most - bytes.count), 0)
      if count < 0 && errno == EAGAIN { XCTFail("nothing came for a minute") }
      if count <= 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  func text(_ most: Int = .max) -> String { String(decoding: read(most), as: UTF8.self) }

  /// A head with its empty line, byte by byte so that nothing of what follows is taken.
  func head() -> String {
    var bytes: [UInt8] = []
    while bytes.suffix(4) != [0x0D, 0x0A, 0x0D, 0x0A] {
      let next = read(1)
      if next.isEmpty { break }
      bytes += next
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// True when the connection ends by a reset, whatever comes before.
  func isReset() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count <= 0 { return count < 0 && errno == ECONNRESET }
    }
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Closes with a reset.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }
}
