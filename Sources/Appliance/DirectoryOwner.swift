import Basics
import Glibc

/// Sees to it that no root-owned file appears in somebody else's data directory.
enum DirectoryOwner {
  /// As root, becomes the user and group that own an existing data directory, for the rest of the process.
  static func become(ownerOf path: String) throws(SystemFailure) {
    guard geteuid() == 0 else { return }
    var status = stat()
    guard stat(path, &status) == 0, status.st_uid != 0 else { return }
    try check("setgroups") { setgroups(0, nil) }
    try check("setgid") { setgid(status.st_gid) }
    try check("setuid") { setuid(status.st_uid) }
  }

  /// As root, runs `body` as the user and group that own an existing data directory, and is root again after it.
  static func acting<Value>(asOwnerOf path: String, _ body: () throws -> Value) rethrows -> Value {
    var status = stat()
    guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return try body() }
    setegid(status.st_gid)
    seteuid(status.st_uid)
    defer {
      seteuid(0)
      setegid(0)
    }
    return try body()
  }
}
