import Basics
package import Glibc
import Storage

/// The real `wonder serve` as a process of its own, for tests that kill it or give it a bad disk.
package final class ServedProgram: Sendable {
  package let process: pid_t
  package let client: TestClient

  /// It ended before it listened, with this exit code or 128 and the signal, and these last words when it has a log.
  package struct NeverReady: Error {
    package let code: Int32
    package let lastWords: String
  }

  /// Starts it on a free port and returns when it has printed its ready line.
  ///
  /// It calls no programs of others, whose trials are many times the work of a start, unless WONDER_ENGINES says so.
  /// `program` is another copy of it; `wrapper` are words in front of the program that start it in the same process; `log` is a file for its messages.
  package init(
    data: String, arguments: [String] = [], environment: [String: String] = [:], wrapper: [String] = [],
    log: String? = nil, program: String = BuiltProgram.path
  ) throws {
    var ends: [Int32] = [0, 0]
    try check("pipe") { pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let words = wrapper + [program, "serve", "--data", data, "--listen", "127.0.0.1:0"] + arguments
    let error = try log.map { path in
      try check("open", path) { open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
    }
    defer { if let error { close(error) } }
    do {
      defer { close(ends[1]) }
      process = try Shell.spawn(
        words, environment: ["WONDER_ENGINES": "none"].merging(environment) { $1 }, output: ends[1], error: error)
    }
    guard let port = ServedProgram.port(from: ends[0]) else {
      let code = Shell.wait(for: process)
      let text = log.flatMap { try? FileBytes.read($0, atMost: 1 << 24) }.map { String(decoding: $0, as: UTF8.self) }
      throw NeverReady(code: code, lastWords: String((text ?? "").suffix(400)))
    }
    client = TestClient(port: port)
  }

  /// Ends it with a signal and waits until it is gone; gives its exit code, or 128 and the signal.
  @discardableResult
  package func end(_ signal: Int32) -> Int32 {
    kill(process, signal)
    return Shell.wait(for: process)
  }

  /// True while it has not ended by itself.
  package var isRunning: Bool { kill(process, 0) == 0 && waitpid(process, nil, WNOHANG) == 0 }

  /// Reads the ready line, "wonder: listening on http://127.0.0.1:PORT".
  private static func port(from descriptor: Int32) -> UInt16? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1 && byte != 0x0A { line.append(byte) }
    return String(decoding: line, as: UTF8.self).split(separator: ":").last.flatMap { UInt16($0) }
  }
}
