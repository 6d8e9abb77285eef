import Basics

extension ZIPReader {
  /// A record of the directory without its name, extra fields and comment.
  static let recordLength = 46

  /// The entries of the directory in its order.
  static func entries(_ bytes: [UInt8], count: Int, directory: Int, _ limits: ArchiveLimits) throws -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    var place = 0
    while entries.count < count {
      let start = place + recordLength
      guard start <= bytes.count, bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) else {
        throw ArchiveFault(.malformed, "its directory has no entry \(entries.count + 1) of \(count)")
      }
      let nameEnd = start + bytes.little16(place + 28)
      let extraEnd = nameEnd + bytes.little16(place + 30)
      let end = extraEnd + bytes.little16(place + 32)
      guard end <= bytes.count else {
        throw ArchiveFault(.malformed, "entry \(entries.count + 1) of its directory leads out of it")
      }
      let record = Array(bytes[place..<start])
      entries.append(
        try entry(
          record, Array(bytes[start..<nameEnd]), bytes[nameEnd..<extraEnd], number: entries.count + 1, directory,
          limits))
      place = end
    }
    try separate(&entries, directory: directory)
    return entries
  }

  private static func entry(
    _ record: [UInt8], _ nameBytes: [UInt8], _ extra: ArraySlice<UInt8>, number: Int, _ directory: Int,
    _ limits: ArchiveLimits
  ) throws -> Entry {
    guard nameBytes.count <= limits.nameBytes else {
      throw ArchiveFault(.tooLarge, "the name of entry \(number) is longer than \(limits.nameBytes) bytes")
    }
    let flags = record.little16(8)
    let fields = ZIPExtra(extra)
    let isUnix = [3, 19].contains(record.little16(4) >> 8)
    guard let name = fields?.name(for: nameBytes) ?? text(nameBytes, flags, isUnix: isUnix) else {
      throw ArchiveFault(.malformed, "the name of entry \(number) is no valid UTF-8, which it claims to be")
    }
    let shown = "the entry \(ArchiveFault.shown(name))"
    var numbers = [record.little32(24), record.little32(20), record.little32(42)]
    guard fields?.replace(&numbers) ?? !numbers.contains(0xFFFF_FFFF) else {
      throw ArchiveFault(.malformed, "\(shown) has no sizes: its extra fields are damaged")
    }
    guard [0, 0xFFFF].contains(record.little16(34)) else {
      throw ArchiveFault(.unsupported, "\(shown) stands in another part of the archive; only one in one file is read")
    }
    guard numbers[2] <= directory, numbers[1] <= directory - numbers[2] else {
      throw ArchiveFault(.malformed, "\(shown) stands outside of the archive")
    }
    let isFolder = name.hasSuffix("/")
    let kind = isUnix ? ArchiveEntryKind(mode: record.little32(38) >> 16) : nil
    return Entry(
      name: name, kind: isFolder ? .folder : kind ?? .file, size: numbers[0], packedSize: numbers[1],
      modified: fields?.modified ?? moment(time: record.little16(12), date: record.little16(14)),
      isEncrypted: flags & 0x2041 != 0 || record.little16(10) == 99, method: record.little16(10),
      checksum: UInt32(record.little32(16)), nameBytes: nameBytes, flags: flags, place: numbers[2], end: directory)
  }

  /// UTF-8 where the entry says so, or was made on a Unix, which has no other names; else code page 437.
  private static func text(_ name: [UInt8], _ flags: Int, isUnix: Bool) -> String? {
    if flags & 1 << 11 != 0 { return String(validating: name, as: UTF8.self) }
    return (isUnix ? String(validating: name, as: UTF8.self) : nil) ?? CodePage437.text(name)
  }

  /// Nil for a date that there is not, such as the zeros of programs that keep none.
  private static func moment(time: Int, date: Int) -> Timestamp? {
    let (year, month, day) = (date >> 9 + 1980, date >> 5 & 15, date & 31)
    let (hour, minute, second) = (time >> 11, time >> 5 & 63, time & 31 * 2)
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
    let days = Moment.days(Int64(year), Int64(month), Int64(day))
    return Timestamp(milliseconds: (days * 86_400 + Int64(hour * 3600 + minute * 60 + second)) * 1000)
  }

  /// Finds where each entry has to end, and refuses two that share bytes: so an archive cannot be larger inside than its
  /// compression makes it (Fifield, "A better zip bomb", 2019).
  private static func separate(_ entries: inout [Entry], directory: Int) throws {
    let order = entries.indices.sorted { entries[$0].place < entries[$1].place }
    for (index, next) in zip(order, order.dropFirst()) {
      entries[index].end = entries[next].place
      try check(entries[index], before: "\(ArchiveFault.shown(entries[next].name))")
    }
    if let last = order.last { try check(entries[last], before: "the directory") }
  }

  private static func check(_ entry: Entry, before next: String) throws {
    guard entry.packedSize + entry.nameBytes.count + headerLength <= entry.end - entry.place else {
      throw ArchiveFault(.malformed, "\(entry.shown) and \(next) share bytes, as they do in bombs")
    }
  }
}
