import Basics
import Glibc

/// Sees to it that no root-owned file appears in somebody else's data directory.
enum DirectoryOwner {
  /// Whose files are in a data directory.
  private struct Account: Equatable {
    let user: uid_t
    let group: gid_t
    /// What else it takes to write into the directory.
    var groups: [gid_t] = []

    /// The owner of the database, which a user made in a directory that is root's (a volume of Kubernetes); without one the
    /// owner of the directory.
    init?(of path: String) {
      var directory = stat()
      guard stat(path, &directory) == 0 else { return nil }
      var database = stat()
      if lstat(path + "/wonder.db", &database) == 0, database.st_mode & S_IFMT == S_IFREG, database.st_uid != 0,
        database.st_uid != directory.st_uid, directory.st_mode & 0o022 != 0
      {
        (user, group) = (database.st_uid, database.st_gid)
        if directory.st_mode & 0o020 != 0, directory.st_gid != group { groups = [directory.st_gid] }
      } else {
        (user, group) = (directory.st_uid, directory.st_gid)
      }
    }
  }

  /// As root, becomes the user and group whose files are in an existing data directory, for the rest of the process.
  ///
  /// Root of a container may not be allowed to become anybody, and goes on as it is where it can write.
  static func become(ownerOf path: String) throws(SystemFailure) {
    guard geteuid() == 0, let account = Account(of: path), account.user != 0 else { return }
    let group = getegid()
    do throws(SystemFailure) {
      try check("setgroups") { setgroups(account.groups.count, account.groups) }
      try check("setgid") { setgid(account.group) }
      try check("setuid") { setuid(account.user) }
    } catch {
      guard [EPERM, EINVAL].contains(error.code), access(path, W_OK | X_OK) == 0 else { throw error }
      setgid(group)
    }
  }

  /// As root, runs `body` as the user and group whose files are in an existing data directory, and is root again after it.
  static func acting<Value>(asOwnerOf path: String, _ body: () throws -> Value) rethrows -> Value {
    guard geteuid() == 0, let account = Account(of: path), account.user != 0 else { return try body() }
    var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    if !account.groups.isEmpty { setgroups(account.groups.count, account.groups) }
    setegid(account.group)
    seteuid(account.user)
    defer {
      seteuid(0)
      setegid(0)
      if !account.groups.isEmpty, count >= 0 { setgroups(Int(count), groups) }
    }
    return try body()
  }
}
