import Basics
import Glibc
import Synchronization

/// A real HTTP receiver on 127.0.0.1 that keeps what it gets and answers as a test tells it, well or badly.
package final class WebhookReceiver: Sendable {
  package enum Answer: Sendable {
    case status(Int, headers: [(String, String)] = [], body: String = "")
    /// These bytes and then the end of the connection.
    case raw([UInt8])
    /// These bytes, then one more every tenth of a second.
    case drip([UInt8])
    /// Nothing, for as long as the client stays.
    case hang
    /// The end of the connection, by a reset.
    case reset
  }

  private struct State {
    var requests: [ReceivedRequest] = []
    var threads: [ServiceThread] = []
    var sockets: Set<Int32> = []
    var connections = 0
    var isClosed = false
  }

  package let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (ReceivedRequest) -> Answer
  private let bell = Doorbell()
  private let state = Mutex(State())

  package var url: String { "http://127.0.0.1:\(port)/hook" }

  package init(port: UInt16 = 0, answer: @escaping @Sendable (ReceivedRequest) -> Answer = { _ in .status(200) }) throws
  {
    self.answer = answer
    listener = try check("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let socket = listener
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        try check("bind") { bind(socket, target, size) }
        try check("listen") { listen(socket, 1024) }
        try check("getsockname") { getsockname(socket, target, &size) }
      }
    }
    self.port = UInt16(bigEndian: address.sin_port)
    let thread = ServiceThread("receiver") { [self] in acceptAll() }
    state.withLock { $0.threads.append(thread) }
  }

  /// What has come so far, in its order.
  package var requests: [ReceivedRequest] { state.withLock { $0.requests } }

  /// How many connections were made to it.
  package var connections: Int { state.withLock { $0.connections } }

  /// Waits until so many requests have come, at most a minute, and gives them all.
  package func wait(for count: Int) -> [ReceivedRequest] {
    while requests.count < count, bell.wait(timeout: .seconds(60)) {}
    return requests
  }

  /// Ends all connections; the port is free afterwards.
  ///
  /// Once more does nothing, for the descriptor may be another's then.
  package func close() {
    let threads: [ServiceThread]? = state.withLock { state in
      guard !state.isClosed else { return nil }
      state.isClosed = true
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
      defer { state.threads = [] }
      return state.threads
    }
    guard let threads else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    for thread in threads { thread.join() }
    Glibc.close(listener)
  }

  private func acceptAll() {
    while true {
      let socket = accept(listener, nil, nil)
      if socket < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
      guard socket >= 0 else { return }
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      state.withLock { state in
        if state.isClosed {
          Glibc.close(socket)
        } else {
          state.sockets.insert(socket)
          state.connections += 1
          state.threads.append(ServiceThread("receiver-conn") { [self] in serve(socket) })
        }
      }
    }
  }

  private func serve(_ socket: Int32) {
    var buffer: [UInt8] = []
    while let request = WebhookReceiver.read(socket, &buffer) {
      state.withLock { $0.requests.append(request) }
      bell.ring()
      guard respond(to: request, on: socket) else { break }
    }
    state.withLock { state in
      state.sockets.remove(socket)
      Glibc.close(socket)
    }
  }

  /// Answers; false when the connection is at its end.
  private func respond(to request: ReceivedRequest, on socket: Int32) -> Bool {
    switch answer(request) {
    case .status(let status, let headers, let body):
      var text = "HTTP/1.1 \(status) Some\r\nContent-Length: \(body.utf8.count)\r\n"
      for (name, value) in headers { text += "\(name): \(value)\r\n" }
      return WebhookReceiver.send(Array((text + "\r\n" + body).utf8), socket)
    case .raw(let bytes):
      _ = WebhookReceiver.send(bytes, socket)
      return false
    case .drip(let bytes):
      guard WebhookReceiver.send(bytes, socket) else { return false }
      // The wait is for the client to leave; its end comes as soon as it does.
      while !WebhookReceiver.hasLeft(socket, within: 100), WebhookReceiver.send([0x78], socket) {}
      return false
    case .hang:
      while !WebhookReceiver.hasLeft(socket, within: 60_000) {}
      return false
    case .reset:
      var now = linger(l_onoff: 1, l_linger: 0)
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }

  private static func hasLeft(_ socket: Int32, within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  private static func send(_ bytes: [UInt8], _ socket: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// The next request of a connection, or nil at its end; a body has a Content-Length.
  private static func read(_ socket: Int32, _ buffer: inout [UInt8]) -> ReceivedRequest? {
    var piece = [UInt8](repeating: 0, count: 65_536)
    func more() -> Bool {
      let count = recv(socket, &piece, piece.count, 0)
      if count > 0 { buffer += piece[..<count] }
      return count > 0
    }
    while true {
      if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let headers = lines.dropFirst().map { line in
          let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
          return (name: String(parts[0]), value: String(parts.dropFirst().joined().drop { $0 == " " }))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        while buffer.count < end.upperBound + length { if !more() { return nil } }
        let body = Array(buffer[end.upperBound..<(end.upperBound + length)])
        buffer.removeFirst(end.upperBound + length)
        return ReceivedRequest(
          method: lines.first?.split(separator: " ").first.map(String.init) ?? "",
          path: lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? "", headers: headers,
          body: body, moment: Clock.readMonotonic())
      }
      if !more() { return nil }
      // A TLS hello is no request, but it wants an answer too.
      if buffer.first == 0x16 { return ReceivedRequest(path: "", headers: [], body: [], moment: Clock.readMonotonic()) }
    }
  }
}
