import Basics
import Glibc

/// The names in /tmp of sockets that a program listens on.
///
/// It needs none once it runs: others could only call it by that, and the name would stay when it is killed.
struct LocalSockets {
  private static let folder = "/tmp/"
  private static let mostBytes = 256 << 10

  /// What the names begin with.
  let prefix: String
  /// True in a network of the program's own, where all there are is the program's.
  let areAlone: Bool

  /// Takes away those of the program while it runs, as far as they can be told from others'; false when there are none.
  func removeOwn() -> Bool {
    let found = areAlone ? LocalSockets.listening : []
    for path in found { LocalSockets.remove(path) }
    return !found.isEmpty
  }

  /// Takes away those of programs that are gone, with which goes this one's.
  func removeDead() {
    guard !areAlone, let list = opendir(LocalSockets.folder) else { return }
    defer { closedir(list) }
    var found: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name.hasPrefix(prefix) { found.append(LocalSockets.folder + name) }
    }
    // Asked after the folder was read, which waits for a name that is being made: what was in it had its socket already.
    for path in found where UnixSocket.isLeftBehind(path) { LocalSockets.remove(path) }
  }

  /// Those that are open in the program's own network (proc(5), /proc/net/unix: the path is the last of eight columns).
  private static var listening: [String] {
    let file = open("/proc/self/net/unix", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: mostBytes)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled) }
      guard count > 0 else { break }
      filled += count
    }
    return String(decoding: bytes[..<filled], as: UTF8.self).split(separator: "\n").compactMap { line in
      let columns = line.split(separator: " ", maxSplits: 7)
      return columns.count == 8 && columns[7].hasPrefix(folder) ? String(columns[7]) : nil
    }
  }

  /// Removes a socket of this user's that lies in /tmp itself.
  private static func remove(_ path: String) {
    var facts = stat()
    guard !path.dropFirst(folder.count).contains("/"), lstat(path, &facts) == 0,
      facts.st_mode & S_IFMT == S_IFSOCK, facts.st_uid == geteuid()
    else { return }
    unlink(path)
  }
}
