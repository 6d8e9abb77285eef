import Basics
import Glibc

/// Which file it is, whatever leads to it.
struct FileIdentity: Hashable {
  private let device: dev_t
  private let inode: ino_t

  init(_ facts: stat) {
    device = facts.st_dev
    inode = facts.st_ino
  }

  /// The regular file that a name leads to; nil where it leads to none.
  init?(path: String) {
    var facts = stat()
    guard stat(SystemText.cString(path), &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(facts)
  }
}
