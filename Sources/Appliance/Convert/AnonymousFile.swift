import Basics
import Glibc
import Storage

/// A file without a name, for what comes or goes through a pipe: converters read and write at any place of a file.
enum AnonymousFile {
  private static let piece = 1 << 18

  /// Makes an empty one where temporary files go.
  static func make() throws(SystemFailure) -> Int32 {
    let folder = getenv("TMPDIR").map { SystemText.text($0) } ?? "/tmp"
    var template = SystemText.cString("\(folder)/wonder-XXXXXX")
    let file = try check("mkstemp", folder) { mkstemp(&template) }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(&template)
    return file
  }

  /// Copies everything that can be read from one file to the end of another.
  static func copy(_ source: Int32, to target: Int32, named name: String) throws {
    var buffer = [UInt8](repeating: 0, count: piece)
    while true {
      let count = try check("read", name) { read(source, &buffer, piece) }
      if count == 0 { return }
      try FileBytes.writeAll(Array(buffer[..<count]), to: target, named: name)
    }
  }
}
