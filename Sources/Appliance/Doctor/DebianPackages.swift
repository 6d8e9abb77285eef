import Basics
import Glibc

/// What dpkg has installed, as dpkg-query(1) tells.
enum DebianPackages {
  private static let program = "/usr/bin/dpkg-query"

  /// The versions of those that are installed; none where there is no dpkg.
  ///
  /// `options` come before dpkg-query's other words.
  static func versions(of names: Set<String>, options: [String] = []) -> [String: String] {
    let format = "--showformat=${Package} ${db:Status-Status} ${Version}\\n"
    let words = [program] + options + ["--show", format] + names.sorted()
    guard !names.isEmpty, let output = try? output(of: words) else { return [:] }
    var versions: [String: String] = [:]
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count == 3, fields[1] == "installed" { versions[String(fields[0])] = String(fields[2]) }
    }
    return versions
  }

  /// What a program prints; what it complains of, such as a name that it does not know, goes nowhere.
  private static func output(of words: [String]) throws(SystemFailure) -> String {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemFailure("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try CommandProcess.start(words, environment: ["LC_ALL=C"], output: ends[1])
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    _ = CommandProcess.end(of: process)
    return String(decoding: bytes, as: UTF8.self)
  }
}
