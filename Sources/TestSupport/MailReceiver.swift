import Basics
import Glibc
import Synchronization

/// A mail server on 127.0.0.1 that keeps what it is sent and answers each command as a test tells it.
package final class MailReceiver: Sendable {
  /// One mail as it came, its doubled dots undone.
  package struct Mail: Sendable {
    package let from: String
    package let to: [String]
    package let message: [UInt8]
  }

  private struct State {
    var mails: [Mail] = []
    var commands: [String] = []
    var threads: [ServiceThread] = []
    var sockets: Set<Int32> = []
    var isClosed = false
  }

  package let port: UInt16
  private let listener: Int32
  /// The answer to a line, "" for the connection itself and "." for the end of a message; nil for the usual one.
  private let answer: @Sendable (String) -> String?
  private let bell = Doorbell()
  private let state = Mutex(State())

  package var url: String { "smtp://127.0.0.1:\(port)" }

  package init(answer: @escaping @Sendable (String) -> String? = { _ in nil }) throws {
    self.answer = answer
    let listener = try check("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        try check("bind") { bind(listener, target, size) }
        try check("listen") { listen(listener, 64) }
        try check("getsockname") { getsockname(listener, target, &size) }
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    let thread = ServiceThread("mail-receiver") { [self] in acceptAll() }
    state.withLock { $0.threads.append(thread) }
  }

  package var mails: [Mail] { state.withLock { $0.mails } }

  /// Every line that came but those of messages.
  package var commands: [String] { state.withLock { $0.commands } }

  /// Waits until so many mails have come, at most a minute, and gives them all.
  package func wait(for count: Int) -> [Mail] {
    while mails.count < count, bell.wait(timeout: .seconds(60)) {}
    return mails
  }

  package func close() {
    let threads = state.withLock { state in
      state.isClosed = true
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
      defer { state.threads = [] }
      return state.threads
    }
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
          state.threads.append(ServiceThread("mail-conn") { [self] in serve(socket) })
        }
      }
    }
  }

  private func serve(_ socket: Int32) {
    var buffer: [UInt8] = []
    var (from, to): (String, [String]) = ("", [])
    if say(to: "", usually: "220 mail.test ready", socket) {
      while let line = MailReceiver.line(socket, &buffer) {
        state.withLock { $0.commands.append(line) }
        let word = line.prefix { $0 != " " && $0 != ":" }.uppercased()
        guard
          say(
            to: line,
            usually: word == "DATA"
              ? "354 go on"
              : word == "EHLO" ? "250-mail.test\r\n250 AUTH PLAIN LOGIN" : word == "QUIT" ? "221 bye" : "250 fine",
            socket)
        else { break }
        if word == "MAIL" { (from, to) = (MailReceiver.address(line), []) }
        if word == "RCPT" { to.append(MailReceiver.address(line)) }
        if word == "DATA", (answer(line) ?? "354").hasPrefix("354") {
          guard let message = MailReceiver.message(socket, &buffer) else { break }
          if (answer(".") ?? "250").hasPrefix("250") {
            state.withLock { $0.mails.append(Mail(from: from, to: to, message: message)) }
            bell.ring()
          }
          guard say(to: ".", usually: "250 taken", socket) else { break }
        }
        if word == "QUIT" { break }
      }
    }
    state.withLock { state in
      state.sockets.remove(socket)
      Glibc.close(socket)
    }
  }

  /// False when the client has gone.
  private func say(to line: String, usually usual: String, _ socket: Int32) -> Bool {
    let bytes = Array(((answer(line) ?? usual) + "\r\n").utf8)
    return bytes.withUnsafeBytes { send(socket, $0.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) } == bytes.count
  }

  private static func address(_ line: String) -> String {
    String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
  }

  private static func line(_ socket: Int32, _ buffer: inout [UInt8]) -> String? {
    while true {
      if let end = buffer.firstRange(of: Array("\r\n".utf8)) {
        let line = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        buffer.removeFirst(end.upperBound)
        return line
      }
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &piece, piece.count, 0)
      if count <= 0 { return nil }
      buffer += piece[..<count]
    }
  }

  private static func message(_ socket: Int32, _ buffer: inout [UInt8]) -> [UInt8]? {
    var lines: [String] = []
    while let line = line(socket, &buffer) {
      if line == "." { return Array((lines.joined(separator: "\r\n") + "\r\n").utf8) }
      lines.append(line.hasPrefix("..") ? String(line.dropFirst()) : line)
    }
    return nil
  }
}

extension MailReceiver.Mail {
  /// The lines of the head, folded ones joined.
  package var head: [String] {
    let text = String(decoding: message, as: UTF8.self)
    let end = text.firstRange(of: "\r\n\r\n")?.lowerBound ?? text.endIndex
    return String(text[..<end]).replacing("\r\n ", with: " ").split(separator: "\r\n").map(String.init)
  }

  /// The text of the part with this type.
  package func part(_ type: String) -> String {
    let text = String(decoding: message, as: UTF8.self)
    guard let start = text.firstRange(of: "Content-Type: text/\(type)"),
      let blank = text[start.upperBound...].firstRange(of: "\r\n\r\n")
    else { return "" }
    let coded = text[blank.upperBound...].split(separator: "\r\n").prefix { !$0.hasPrefix("--") }.joined()
    return Base64.decode(coded).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
