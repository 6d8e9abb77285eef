package import Basics
import Glibc

/// Directories walked and emptied; symbolic links are removed, never followed.
package enum FileTree {
  /// The names in a directory, without "." and ".."; throws when it cannot be read to its end.
  package static func names(in path: String) throws(SystemFailure) -> [String] {
    guard let directory = opendir(SystemText.cString(path)) else { throw SystemFailure("opendir", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      // A failure and the end of the directory both give no entry.
      errno = 0
      guard let entry = readdir(directory) else {
        if errno == 0 { return names }
        throw SystemFailure("readdir", path)
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { SystemText.text($0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// True when there is something at the path, false when there is nothing; throws when that cannot be told.
  package static func exists(_ path: String) throws(SystemFailure) -> Bool {
    var status = stat()
    if lstat(SystemText.cString(path), &status) == 0 { return true }
    if errno == ENOENT || errno == ENOTDIR { return false }
    throw SystemFailure("stat", path)
  }

  /// Removes everything inside a directory.
  package static func empty(_ path: String) throws(SystemFailure) {
    for name in try names(in: path) { try remove(path + "/" + name) }
  }

  /// Removes a file, or a directory with all it holds; what is already gone is fine.
  package static func remove(_ path: String) throws(SystemFailure) {
    if unlink(SystemText.cString(path)) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw SystemFailure("unlink", path) }
    do throws(SystemFailure) { try empty(path) } catch {
      if error.code == ENOENT { return }
      throw error
    }
    if rmdir(SystemText.cString(path)) != 0 && errno != ENOENT { throw SystemFailure("rmdir", path) }
  }
}
