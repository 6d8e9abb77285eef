import Basics
import Glibc

/// Other processes that read a database just now, by their locks: while one keeps its snapshot, what is written after it stays in
/// the write-ahead log.
package enum LogReaders {
  /// The locks of readers in the index of the log (sqlite.org/walformat.html, 2.3.1).
  private static let places: ClosedRange<Int64> = 123...127
  private static let mostBytes = 1 << 20

  /// Their numbers in order; none where the system does not tell.
  ///
  /// The index itself is not opened for it: to close it again would end the locks that this process has there (fcntl(2)).
  package static func of(database: String) -> [Int32] {
    guard let index = FileIdentity(at: database + "-shm"),
      let bytes = try? FileBytes.read("/proc/locks", atMost: mostBytes)
    else { return [] }
    let major = (index.device >> 8) & 0xFFF
    let minor = (index.device & 0xFF) | ((index.device >> 12) & 0xFFF00)
    let own = getpid()
    var found: Set<Int32> = []
    // "1: POSIX  ADVISORY  READ 8499 fe:00:1835015 127 128" (proc(5)).
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 8, words[1] == "POSIX", let process = Int32(words[4]), process > 0, process != own,
        let first = Int64(words[6]), first <= places.upperBound, Int64(words[7]) ?? .max >= places.lowerBound
      else { continue }
      let file = words[5].split(separator: ":")
      if file.count == 3, UInt(file[0], radix: 16) == UInt(major), UInt(file[1], radix: 16) == UInt(minor),
        UInt64(file[2]) == UInt64(index.inode)
      {
        found.insert(process)
      }
    }
    return found.sorted()
  }

  /// The name of a process's program, or nothing when it has ended.
  package static func name(of process: Int32) -> String {
    let bytes = (try? FileBytes.read("/proc/\(process)/comm", atMost: 64)) ?? []
    return String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
  }
}
