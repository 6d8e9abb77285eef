import Basics
import Glibc

/// What tells a file from a later one of the same name: its inode, its bytes, and when it was written.
struct FileMark: Equatable, Sendable {
  private let inode: ino_t
  let bytes: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil for what is no regular file.
  init?(_ facts: stat) {
    guard facts.st_mode & S_IFMT == S_IFREG else { return nil }
    inode = facts.st_ino
    bytes = Int(facts.st_size)
    seconds = facts.st_mtim.tv_sec
    nanoseconds = facts.st_mtim.tv_nsec
  }

  /// That of a name, with links not followed; nil where there is no regular file.
  init?(path: String) {
    var facts = stat()
    guard lstat(SystemText.cString(path), &facts) == 0 else { return nil }
    self.init(facts)
  }

  /// A word that only this file has under this name.
  func word(_ name: String) -> String {
    let digest = SHA256.digest(SystemText.cString(name).map { UInt8(bitPattern: $0) })
    return "\(Hexadecimal.encode(digest.prefix(8)))-\(inode)-\(bytes)-\(seconds).\(nanoseconds)"
  }
}
