/// Where the directory of a ZIP archive stands (APPNOTE 6.3.10 sections 4.3.14 to 4.3.16).
struct ZIPEnd {
  let count: Int
  let start: Int
  let size: Int

  private static let length = 22
  private static let locatorLength = 20
  private static let largeLength = 56

  /// Looks for the end of the directory, with whose comment the file has to end.
  static func find(_ file: Int32, fileSize: Int) throws -> ZIPEnd {
    let start = max(0, fileSize - length - 0xFFFF)
    let tail = try FileSource.bytes(file, at: start, fileSize - start)
    var place = tail.count - length
    while place >= 0 {
      if tail[place] == 0x50, tail[place...].starts(with: [0x50, 0x4B, 5, 6]),
        place + length + tail.little16(place + 20) == tail.count
      {
        return try read(Array(tail[place..<place + length]), file, at: start + place)
      }
      place -= 1
    }
    throw ArchiveFault(.malformed, "it has no directory at its end, so it is cut off or no ZIP archive")
  }

  private static func read(_ record: [UInt8], _ file: Int32, at place: Int) throws -> ZIPEnd {
    let (count, size, start) = (record.little16(10), record.little32(12), record.little32(16))
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF,
      let large = try large(file, before: place)
    {
      return large
    }
    guard record.little32(4) == 0, record.little16(8) == count else { throw severalDisks }
    return try ZIPEnd(UInt64(count), UInt64(start), UInt64(size), before: place)
  }

  /// The zip64 end, which a locator before the usual one leads to; nil without a locator.
  private static func large(_ file: Int32, before place: Int) throws -> ZIPEnd? {
    let locatorPlace = place - locatorLength
    guard locatorPlace >= largeLength else { return nil }
    let locator = try FileSource.bytes(file, at: locatorPlace, locatorLength)
    guard locator.count == locatorLength, locator.starts(with: [0x50, 0x4B, 6, 7]) else { return nil }
    guard locator.little32(4) == 0, locator.little32(16) <= 1 else { throw severalDisks }
    let wrong = ArchiveFault(.malformed, "the end of its zip64 directory is not where it should be")
    guard let own = Int(exactly: locator.little(8, 8)), own <= locatorPlace - largeLength else { throw wrong }
    let record = try FileSource.bytes(file, at: own, largeLength)
    guard record.count == largeLength, record.starts(with: [0x50, 0x4B, 6, 6]) else { throw wrong }
    let count = record.little(32, 8)
    guard record.little(16, 8) == 0, record.little(24, 8) == count else { throw severalDisks }
    return try ZIPEnd(count, record.little(48, 8), record.little(40, 8), before: own)
  }

  private static let severalDisks = ArchiveFault(
    .unsupported, "it is one of several parts of an archive; only an archive in one file is read")

  /// Refuses a directory that does not lie before its end, or has no room for so many entries.
  private init(_ count: UInt64, _ start: UInt64, _ size: UInt64, before end: Int) throws {
    guard let start = Int(exactly: start), let size = Int(exactly: size), start <= end, size <= end - start else {
      throw ArchiveFault(.malformed, "its directory is not where its end says")
    }
    guard let count = Int(exactly: count), count <= size / ZIPReader.recordLength else {
      throw ArchiveFault(.malformed, "its directory is too short for the \(count) entries that it claims")
    }
    (self.count, self.start, self.size) = (count, start, size)
  }
}
