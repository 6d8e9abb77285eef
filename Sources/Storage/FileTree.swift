package import Basics
import Glibc

/// Directories walked and emptied; symbolic links are removed, never followed.
package enum FileTree {
  /// The names in a directory, without "." and "..".
  package static func names(in path: String) throws(SystemFailure) -> [String] {
    guard let directory = opendir(path) else { throw SystemFailure("opendir", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes everything inside a directory.
  package static func empty(_ path: String) throws(SystemFailure) {
    for name in try names(in: path) { try remove(path + "/" + name) }
  }

  /// Removes a file, or a directory with all it holds; what is already gone is fine.
  package static func remove(_ path: String) throws(SystemFailure) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw SystemFailure("unlink", path) }
    try empty(path)
    if rmdir(path) != 0 && errno != ENOENT { throw SystemFailure("rmdir", path) }
  }
}
