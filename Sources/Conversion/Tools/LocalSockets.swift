import Basics
import CSystem
import Glibc

/// The names in /tmp of sockets that this process's children listen on.
///
/// A program that asks for one needs no name there once it runs: others could only call it by that, and the name would stay
/// when it is killed.
struct LocalSockets {
  private static let folder = "/tmp/"
  private static let mostBytes = 256 << 10

  /// True in a network of the children's own, where all there are is theirs.
  let areAlone: Bool

  /// Takes away all there are now; false when there is none.
  func removeAll() -> Bool {
    var found = LocalSockets.all
    if !areAlone, !found.isEmpty {
      let own = LocalSockets.ofChildren
      found.removeAll { !own.contains("socket:[\($0.number)]") }
    }
    for (_, path) in found { LocalSockets.remove(path) }
    return !found.isEmpty
  }

  /// Those with a name in /tmp itself (proc(5), /proc/net/unix: the path is the last of eight columns, the inode before it).
  private static var all: [(number: Substring, path: String)] {
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
      guard columns.count == 8, columns[7].hasPrefix(folder), !columns[7].dropFirst(folder.count).contains("/") else {
        return nil
      }
      return (columns[6], String(columns[7]))
    }
  }

  /// What all that descend from this process hold open, as the links in /proc/PID/fd name it.
  private static var ofChildren: Set<String> {
    var left = children(of: "self", thread: "\(getpid())")
    var held: Set<String> = []
    while let process = left.popLast() {
      held.formUnion(open(in: process))
      left += children(of: process, thread: process)
    }
    return held
  }

  private static func children(of process: String, thread: String) -> [String] {
    guard let file = fopen("/proc/\(process)/task/\(thread)/children", "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ").map(String.init)
  }

  private static func open(in process: String) -> [String] {
    guard let list = opendir("/proc/\(process)/fd") else { return [] }
    defer { closedir(list) }
    var links: [String] = []
    while let entry = readdir(list) {
      var link = [UInt8](repeating: 0, count: 64)
      let count = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
          link.withUnsafeMutableBytes {
            readlinkat(dirfd(list), name, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
          }
        }
      }
      if count > 0 { links.append(String(decoding: link[..<count], as: UTF8.self)) }
    }
    return links
  }

  private static func remove(_ path: String) {
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { return }
    unlink(path)
  }
}
