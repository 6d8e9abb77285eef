import Glibc

/// Which file or folder a path leads to, whatever it is called.
struct FileIdentity: Equatable, Sendable {
  /// What is found at a path where this one was.
  enum Look: Equatable {
    case same
    case other(FileIdentity, isFolder: Bool)
    case gone
    /// The system does not tell, which says nothing of the file.
    case unknown
  }

  let device: dev_t
  let inode: ino_t

  private init(_ status: stat) {
    device = status.st_dev
    inode = status.st_ino
  }

  /// Nil, with errno set, when the path leads nowhere or cannot be looked at.
  init?(at path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Nil, with errno set, for a descriptor that is not open.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// One system call.
  func look(at path: String) -> Look {
    var status = stat()
    if stat(path, &status) == 0 {
      let found = FileIdentity(status)
      return found == self ? .same : .other(found, isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }
    return [ENOENT, ENOTDIR, ELOOP, ESTALE].contains(errno) ? .gone : .unknown
  }
}
