import Basics
import Conversion
import Formats
import Glibc

/// Where programs of others work for a command: a folder among the temporary ones, gone with the command.
final class ToolPlace: Sendable {
  let path: String

  /// `purpose` stands in its name.
  init(_ purpose: StaticString) throws(SystemFailure) {
    let folder = getenv("TMPDIR").map { SystemText.text($0) } ?? "/tmp"
    var template = SystemText.cString("\(folder)/wonder-\(purpose)-XXXXXX")
    guard mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp", folder) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // A program of root's is nobody, and reaches its own folder through this one.
    if geteuid() == 0 { chmod(path, 0o711) }
  }

  deinit { rmdir(path) }
}
