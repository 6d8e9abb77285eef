import Basics
import Glibc

/// A plain HTTP client over one connection a request; it sends exactly the bytes it is told to.
package struct TestClient: Sendable {
  package let port: UInt16

  package init(port: UInt16) {
    self.port = port
  }

  package func get(_ path: String, key: String? = nil, _ headers: [(String, String)] = []) throws -> TestReply {
    try send("GET", path, key: key, headers)
  }

  package func send(
    _ method: String, _ path: String, key: String? = nil, _ headers: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> TestReply {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    if let key { head += "X-API-Key: \(key)\r\n" }
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    return try exchange(Array((head + "\r\n").utf8) + (body ?? []))
  }

  /// Sends bytes and reads the answer to its end.
  package func exchange(_ bytes: [UInt8]) throws -> TestReply {
    let socket = try connect()
    defer { close(socket) }
    try TestClient.write(bytes, to: socket)
    return try TestClient.reply(from: TestClient.readAll(socket))
  }

  /// Opens a connection that the caller closes.
  package func connect() throws -> Int32 {
    let descriptor = try check("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        _ = try check("connect") { Glibc.connect(descriptor, target, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
    return descriptor
  }

  /// Sends bytes as far as the server takes them; one that answers early may not want them all.
  package static func write(_ bytes: [UInt8], to socket: Int32) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  package static func readAll(_ socket: Int32) throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count <= 0 { return all }
      all += buffer[..<count]
    }
  }

  package static func reply(from bytes: [UInt8]) throws -> TestReply {
    struct NoAnswer: Error {}
    var rest = bytes[...]
    while true {
      guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { throw NoAnswer() }
      let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
      rest = rest[end.upperBound...]
      if status == 100 { continue }
      let headers = lines.dropFirst().map { line in
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return (name: String(parts[0]), value: String(parts.dropFirst().joined().drop { $0 == " " }))
      }
      return TestReply(status: status, headers: headers, body: Array(rest))
    }
  }
}
