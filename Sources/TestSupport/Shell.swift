import Basics
package import Glibc
import Storage

/// Runs a program of the system and waits for it.
package enum Shell {
  package struct Result: Sendable {
    /// The exit code, or 128 and the signal.
    package let code: Int32
    /// Standard output and standard error.
    package let text: String
  }

  /// `words` begins with the program, which is looked for on the PATH; `environment` is added to the test's own.
  package static func run(_ words: [String], environment: [String: String] = [:]) throws -> Result {
    var ends: [Int32] = [0, 0]
    try check("pipe") { pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try spawn(words, environment: environment, output: ends[1], error: ends[1])
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return Result(code: wait(for: process), text: String(decoding: bytes, as: UTF8.self))
  }

  package static func run(_ words: String...) throws -> Result { try run(words) }

  /// Starts a program that the caller ends, with its output on a descriptor.
  package static func start(_ words: [String], output: Int32) throws -> pid_t {
    try spawn(words, environment: [:], output: output, error: nil)
  }

  /// Starts a program with its standard output and error on descriptors; nil sends the error to /dev/null.
  package static func spawn(_ words: [String], environment: [String: String], output: Int32, error: Int32?) throws
    -> pid_t
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    if let error {
      posix_spawn_file_actions_adddup2(&actions, error, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    // What the test itself was started with is no part of what it starts.
    for inherited in try FileTree.names(in: "/proc/self/fd").compactMap(Int32.init) where inherited > 2 {
      _ = fcntl(inherited, F_SETFD, FD_CLOEXEC)
    }
    var variables: [String] = []
    var next = environ
    while let variable = next.pointee {
      let text = String(cString: variable)
      if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      next += 1
    }
    variables += environment.map { "\($0.key)=\($0.value)" }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var values: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + values { free(text) } }
    var process = pid_t()
    let code = posix_spawnp(&process, words[0], &actions, nil, &arguments, &values)
    guard code == 0 else { throw SystemFailure("posix_spawn", words[0], code: code) }
    return process
  }

  /// Waits for a process; gives its exit code, or 128 and the signal.
  package static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }
}
