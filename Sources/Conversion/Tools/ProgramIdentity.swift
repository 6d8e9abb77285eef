import Glibc

/// Which file a program is, so that another one in its place is noticed.
struct ProgramIdentity: Sendable, Equatable {
  let path: String
  private let inode: UInt
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil when there is none that can be run.
  init?(at path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0, access(path, X_OK) == 0 else { return nil }
    self.path = path
    inode = UInt(facts.st_ino)
    size = Int(facts.st_size)
    seconds = facts.st_mtim.tv_sec
    nanoseconds = facts.st_mtim.tv_nsec
  }
}
