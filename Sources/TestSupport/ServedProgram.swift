import Basics
package import Glibc

/// The real `wonder serve` as a process of its own, for tests that kill it.
package final class ServedProgram: Sendable {
  package let process: pid_t
  package let client: TestClient

  package struct NeverReady: Error {}

  /// Starts it on a free port and returns when it has printed its ready line.
  package init(data: String, arguments: [String] = []) throws {
    var ends: [Int32] = [0, 0]
    try check("pipe") { pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let words = [BuiltProgram.path, "serve", "--data", data, "--listen", "127.0.0.1:0"] + arguments
    do {
      defer { close(ends[1]) }
      process = try ServedProgram.spawn(words, output: ends[1])
    }
    guard let port = ServedProgram.port(from: ends[0]) else { throw NeverReady() }
    client = TestClient(port: port)
  }

  /// Ends it with a signal and waits until it is gone; gives its exit code, or 128 and the signal.
  @discardableResult
  package func end(_ signal: Int32) -> Int32 {
    kill(process, signal)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  private static func spawn(_ words: [String], output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var process = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let code = posix_spawn(&process, words[0], &actions, nil, &arguments, environ)
    guard code == 0 else { throw SystemFailure("posix_spawn", words[0], code: code) }
    return process
  }

  /// Reads the ready line, "wonder: listening on http://127.0.0.1:PORT".
  private static func port(from descriptor: Int32) -> UInt16? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1 && byte != 0x0A { line.append(byte) }
    return String(decoding: line, as: UTF8.self).split(separator: ":").last.flatMap { UInt16($0) }
  }
}
