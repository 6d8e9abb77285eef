import Basics
import CSystem
import Glibc

/// The directory at the end of a ZIP archive that anybody may have made (APPNOTE 6.3.10 sections 4.3.12 to 4.3.16).
///
/// Every length and place is compared with the file before it is followed, and no more is read than `mostBytes` of the
/// directory, whatever the archive claims.
struct ZIPDirectory {
  /// An entry as the directory has it.
  struct Entry {
    let name: [UInt8]
    /// 0 is stored.
    let method: Int
    let compressed: Int64
    /// Where its own header stands.
    let place: Int64
  }

  /// What is looked through at most; the parts that tell what a document is stand among the first.
  static let mostBytes = 64 << 10
  private static let endSize = 22
  /// An end without its comment, and one with the longest.
  private static let tails = [1024, endSize + 65_535]

  private let file: Int32
  private let fileSize: Int64
  /// The first ones, in their order.
  let entries: [Entry]

  /// Nil when the file has no directory that fits it.
  init?(_ file: Int32) throws(SystemFailure) {
    var facts = csystem_file()
    try check("fstat", "input") { csystem_look_at_file(file, &facts) }
    self.file = file
    fileSize = facts.bytes
    guard let end = try ZIPDirectory.end(file, facts.bytes),
      let entries = ZIPDirectory.entries(
        end, try ZIPDirectory.bytes(file, at: end.start, Int(min(end.size, Int64(ZIPDirectory.mostBytes)))))
    else { return nil }
    self.entries = entries
  }

  /// The bytes of a short entry that is stored as it is; nil for any other.
  func stored(_ entry: Entry, atMost most: Int64) throws(SystemFailure) -> [UInt8]? {
    guard entry.method == 0, entry.compressed <= most, entry.place <= fileSize - 30 else { return nil }
    let header = try ZIPDirectory.bytes(file, at: entry.place, 30)
    guard header.starts(with: [0x50, 0x4B, 3, 4]), header.count == 30 else { return nil }
    let start = entry.place + 30 + Int64(header.number(26, 2)) + Int64(header.number(28, 2))
    guard start <= fileSize - entry.compressed else { return nil }
    return try ZIPDirectory.bytes(file, at: start, Int(entry.compressed))
  }

  private struct End {
    let count: Int64
    let start: Int64
    let size: Int64
  }

  /// Looks for the end of the directory, with whose comment the file has to end.
  private static func end(_ file: Int32, _ fileSize: Int64) throws(SystemFailure) -> End? {
    for length in tails {
      let start = max(0, fileSize - Int64(length))
      let tail = try bytes(file, at: start, Int(fileSize - start))
      var place = tail.count - endSize
      while place >= 0 {
        if tail[place] == 0x50, tail[place...].starts(with: [0x50, 0x4B, 5, 6]),
          place + endSize + Int(tail.number(place + 20, 2)) == tail.count
        {
          return try end(file, at: start + Int64(place), Array(tail[place...]))
        }
        place -= 1
      }
      if start == 0 { break }
    }
    return nil
  }

  private static func end(_ file: Int32, at place: Int64, _ record: [UInt8]) throws(SystemFailure) -> End? {
    let (count, size, start) = (record.number(10, 2), record.number(12, 4), record.number(16, 4))
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF, let large = try largeEnd(file, before: place) {
      return large
    }
    guard record.number(4, 4) == 0, record.number(8, 2) == count else { return nil }
    return fit(count, start, size, before: place)
  }

  /// The zip64 end, which a locator before the usual one leads to.
  private static func largeEnd(_ file: Int32, before place: Int64) throws(SystemFailure) -> End? {
    guard place >= 20 + 56 else { return nil }
    let locator = try bytes(file, at: place - 20, 20)
    guard locator.count == 20, locator.starts(with: [0x50, 0x4B, 6, 7]),
      let own = Int64(exactly: locator.number(8, 8)), own <= place - 20 - 56
    else { return nil }
    let record = try bytes(file, at: own, 56)
    guard record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]) else { return nil }
    return fit(record.number(32, 8), record.number(48, 8), record.number(40, 8), before: own)
  }

  /// Nil for a directory that does not lie before its end, or has no room for so many entries.
  private static func fit(_ count: UInt64, _ start: UInt64, _ size: UInt64, before end: Int64) -> End? {
    guard let start = Int64(exactly: start), let size = Int64(exactly: size), start <= end, size <= end - start,
      let count = Int64(exactly: count), count <= size / 46
    else { return nil }
    return End(count: count, start: start, size: size)
  }

  /// Nil when what was read of the directory is none.
  private static func entries(_ end: End, _ bytes: [UInt8]) -> [Entry]? {
    var entries: [Entry] = []
    var place = 0
    while entries.count < end.count, bytes.count - place >= 46 {
      guard bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) else { return nil }
      let name = place + 46
      let nameEnd = name + Int(bytes.number(place + 28, 2))
      guard nameEnd <= bytes.count else { break }
      entries.append(
        Entry(
          name: Array(bytes[name..<nameEnd]), method: Int(bytes.number(place + 10, 2)),
          compressed: Int64(bytes.number(place + 20, 4)), place: Int64(bytes.number(place + 42, 4))))
      place = nameEnd + Int(bytes.number(place + 30, 2)) + Int(bytes.number(place + 32, 2))
    }
    // One that was read whole has as many entries as it says.
    return end.size <= mostBytes && entries.count < end.count ? nil : entries
  }

  /// Those that are there; fewer only at the end of the file.
  static func bytes(_ file: Int32, at place: Int64, _ count: Int) throws(SystemFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try check("pread", "input") {
        bytes.withUnsafeMutableBytes { bytes in
          pread(file, bytes.baseAddress.map { $0 + filled }, count - filled, Int(place) + filled)
        }
      }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes[..<filled])
  }
}

extension [UInt8] {
  /// A little-endian number of so many bytes; zero where the bytes end before it does.
  fileprivate func number(_ place: Int, _ length: Int) -> UInt64 {
    guard place >= 0, place + length <= count else { return 0 }
    return (0..<length).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64($1 * 8) }
  }
}
