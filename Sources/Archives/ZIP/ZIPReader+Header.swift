extension ZIPReader {
  /// Reads an entry's own header (section 4.3.7), compares it with the directory, and tells where its bytes begin.
  static func start(of entry: Entry, _ file: Int32) throws -> Int {
    let length = headerLength + entry.nameBytes.count
    let header = try FileSource.bytes(file, at: entry.place, length)
    guard header.count == length, header.starts(with: [0x50, 0x4B, 3, 4]) else {
      throw ArchiveFault(.malformed, "\(entry.shown) is not where the directory says")
    }
    guard header.little16(26) == entry.nameBytes.count, header[headerLength...].elementsEqual(entry.nameBytes) else {
      throw disagreement(entry, "name")
    }
    guard header.little16(8) == entry.method else { throw disagreement(entry, "method") }
    guard (header.little16(6) ^ entry.flags) & 0x2041 == 0 else { throw disagreement(entry, "encryption") }
    let start = entry.place + length + header.little16(28)
    guard entry.packedSize <= entry.end - start else {
      throw ArchiveFault(.malformed, "\(entry.shown) reaches into what follows it")
    }
    try compareSizes(entry, header, try FileSource.bytes(file, at: entry.place + length, header.little16(28)))
    return start
  }

  /// Sizes and sum may stand behind the bytes instead (section 4.4.4, bit 3), and are zero in the header then.
  private static func compareSizes(_ entry: Entry, _ header: [UInt8], _ extra: [UInt8]) throws {
    var sizes = [header.little32(22), header.little32(18)]
    let isLater = entry.flags & 8 != 0 || header.little16(6) & 8 != 0
    if isLater, sizes.allSatisfy({ $0 == 0 || $0 == 0xFFFF_FFFF }) { return }
    guard ZIPExtra(extra[...])?.replace(&sizes) ?? true, sizes == [entry.size, entry.packedSize] else {
      throw disagreement(entry, "size")
    }
    let sum = UInt32(header.little32(14))
    guard sum == entry.checksum || isLater && sum == 0 else { throw disagreement(entry, "check sum") }
  }

  private static func disagreement(_ entry: Entry, _ what: String) -> ArchiveFault {
    ArchiveFault(.malformed, "\(entry.shown) has another \(what) in its header than in the directory")
  }
}
