import Basics
import Glibc

/// Keeps others on the machine out of the data directory, as far as this user may.
struct DirectoryOpenness: Equatable {
  /// Whose the directory is.
  let owner: UInt32
  /// Who may enter it: the permission bits.
  let mode: UInt32

  /// Closes the directory to all but its owner; gives what is left open where it is another user's, or on a file system that
  /// knows no modes, such as a volume of Kubernetes or a network share.
  static func close(_ path: String) -> DirectoryOpenness? {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & 0o777 != 0o700 else { return nil }
    chmod(path, 0o700)
    // A share may have done only as if.
    guard stat(path, &facts) == 0, facts.st_mode & 0o077 != 0 else { return nil }
    return DirectoryOpenness(owner: facts.st_uid, mode: facts.st_mode & 0o7777)
  }

  func tell(_ log: Log, path: String) {
    log.warning(
      "others may enter the data directory, and this user cannot close it to them; what is in it is for this user alone",
      ["path": path, "owner": String(owner), "mode": String(mode, radix: 8)])
  }
}
