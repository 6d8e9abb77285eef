import Basics
import Glibc
import XCTest

/// A blocking socket that sends bytes as they are and reads answers; a read waits ten seconds at most.
final class RawClient {
  private let descriptor: Int32
  private var received: [UInt8] = []

  /// `isNarrow` makes the kernel take little for a client that does not read.
  init(port: UInt16, isNarrow: Bool = false) throws {
    descriptor = try check("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
    var room: Int32 = 16 * 1024
    if isNarrow { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size)) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafePointer(to: &name) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = try check("connect") { connect(descriptor, pointer, length) }
      }
    }
  }

  deinit {
    close(descriptor)
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      offset += try bytes.withUnsafeBytes { bytes in
        try check("send") {
          Glibc.send(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Closes with a reset, as a client does that dies.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// The next answer with as much body as its Content-Length says.
  func answer(isHead: Bool = false) throws -> Answer {
    let separator = Array("\r\n\r\n".utf8)
    while received.firstRange(of: separator) == nil { try receive() }
    let end = try XCTUnwrap(received.firstRange(of: separator)).upperBound
    let head = String(decoding: received[..<end], as: UTF8.self)
    received.removeFirst(end)
    var answer = Answer(head: head)
    let length = isHead || answer.status < 200 ? 0 : Int(answer["Content-Length"] ?? "") ?? 0
    while received.count < length { try receive() }
    answer.body = String(decoding: received[..<length], as: UTF8.self)
    received.removeFirst(length)
    return answer
  }

  /// The data of the next chunk; nil for the last one, which has none.
  func chunk() throws -> String? {
    let lineEnd = Array("\r\n".utf8)
    while received.firstRange(of: lineEnd) == nil { try receive() }
    let size = try XCTUnwrap(received.firstRange(of: lineEnd))
    let count = try XCTUnwrap(Int(String(decoding: received[..<size.lowerBound], as: UTF8.self), radix: 16))
    let end = size.upperBound + count
    while received.count < end + 2 { try receive() }
    XCTAssertEqual(Array(received[end..<end + 2]), lineEnd)
    let data = String(decoding: received[size.upperBound..<end], as: UTF8.self)
    received.removeFirst(end + 2)
    return count == 0 ? nil : data
  }

  /// Returns when there is something to read.
  func awaitBytes() throws {
    var byte: UInt8 = 0
    _ = try check("recv") { recv(descriptor, &byte, 1, Int32(MSG_PEEK)) }
  }

  /// True when something to read comes within so many milliseconds.
  func hasBytes(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// True when the server resets the connection within so many milliseconds, without reading from it.
  func isReset(within milliseconds: Int32 = 10_000) -> Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&entry, 1, milliseconds) > 0 && Int32(entry.revents) & POLLERR != 0
  }

  /// Reads once what has come, and forgets it; gives how many bytes that were, 0 at the end of the connection.
  func take() throws -> Int {
    var piece = [UInt8](repeating: 0, count: 65_536)
    return try check("recv") { recv(descriptor, &piece, piece.count, 0) }
  }

  /// Everything up to the end of the connection.
  func rest() throws -> String {
    do {
      while true { try receive() }
    } catch let failure as SystemFailure where failure.code == ECONNRESET {
      return String(decoding: received, as: UTF8.self)
    }
  }

  /// True when the server ends the connection without another byte.
  func isClosed() throws -> Bool {
    var byte: UInt8 = 0
    return received.isEmpty && recv(descriptor, &byte, 1, 0) == 0
  }

  private func receive() throws {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = try check("recv") { recv(descriptor, &piece, piece.count, 0) }
    if count == 0 { throw SystemFailure("recv", "the connection was closed", code: ECONNRESET) }
    received += piece[..<count]
  }
}

/// One answer as it came over the wire.
struct Answer {
  let head: String
  var body = ""

  init(head: String) {
    self.head = head
  }

  var status: Int { Int(head.dropFirst(9).prefix(3)) ?? 0 }

  subscript(name: String) -> String? {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ": ") {
      return String(line.dropFirst(name.count + 2))
    }
    return nil
  }
}
