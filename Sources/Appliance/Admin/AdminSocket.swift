import Basics
import Glibc

/// Speaks to the running server over the socket in its data directory: one request, one answer, one connection.
enum AdminSocket {
  /// An answer longer than this is none of ours.
  private static let largest = 1 << 26

  static func exchange(_ path: String, _ method: String, _ target: String, _ body: JSONValue?) throws -> AdminReply {
    let (status, bytes) = try ask(path, method, target, body.map { Array($0.text.utf8) } ?? [])
    // What was removed is answered without a document.
    if status == 204 { return AdminReply(status: status, document: .object([])) }
    guard let document = try? JSONReader.parse(bytes) else { throw cutShort }
    return AdminReply(status: status, document: document)
  }

  /// What is said of a server that stopped, or was killed, in the middle of it.
  private static let cutShort = AdminFailure(
    description:
      "the server stopped before it had answered; look whether it runs, and what has become of this, before trying again"
  )

  /// Gets a page of text, such as the metrics; throws `AdminFailure` without a server.
  static func text(_ path: String, _ target: String) throws -> String {
    let (status, text) = try page(path, target)
    guard status == 200 else { throw AdminFailure(description: "\(target) answered with status \(status)") }
    return text
  }

  /// The same whatever its status is.
  static func page(_ path: String, _ target: String) throws -> (status: Int, text: String) {
    let (status, bytes) = try ask(path, "GET", target, [])
    return (status, String(decoding: bytes, as: UTF8.self))
  }

  private static func ask(
    _ path: String, _ method: String, _ target: String, _ text: [UInt8]
  ) throws -> (status: Int, body: ArraySlice<UInt8>) {
    guard let socket = try UnixSocket.connect(path) else { throw AdminFailure(description: "the server does not run") }
    defer { close(socket) }
    let head =
      "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(text.count)\r\n\r\n"
    do {
      try write(Array(head.utf8) + text, to: socket)
      return try reply(readAll(socket))
    } catch let failure as SystemFailure where [ECONNRESET, EPIPE].contains(failure.code) {
      throw cutShort
    }
  }

  private static func write(_ bytes: [UInt8], to socket: Int32) throws(SystemFailure) {
    var sent = 0
    while sent < bytes.count {
      sent += try check("send") {
        bytes.withUnsafeBytes {
          send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  private static func readAll(_ socket: Int32) throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while all.count < largest {
      let count = try check("recv") { recv(socket, &buffer, buffer.count, 0) }
      if count == 0 { return all }
      all += buffer[..<count]
    }
    throw AdminFailure(description: "the server's answer is too long")
  }

  /// The server closes after its answer, so the body is what follows the head.
  private static func reply(_ bytes: [UInt8]) throws -> (Int, ArraySlice<UInt8>) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)),
      let status = Int(String(decoding: bytes.prefix(12).suffix(3), as: UTF8.self))
    else { throw cutShort }
    return (status, bytes[end.upperBound...])
  }
}
