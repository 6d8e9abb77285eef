import Basics
import Formats
import Pictures

/// The headers of one file in a ZIP archive (APPNOTE 6.3.10 sections 4.3.7 and 4.3.12).
struct ZIPEntry {
  /// 4.5: the version that brought sizes of 64 bits; 2.0: deflate.
  private static let versions = (large: 45, usual: 20)
  /// Made on Unix.
  private static let maker = 3 << 8 | versions.large
  /// An ordinary file that everybody may read, and a folder, as Unix and MS-DOS know them.
  private static let modes = (file: 0o100644 << 16, folder: 0o040755 << 16 | 0x10)
  /// Names are UTF-8 (appendix D).
  private static let flags = 1 << 11
  private static let unknown = ByteOrder.little32(0xFFFF_FFFF)

  let name: [UInt8]
  var size: Int64
  let isStored: Bool
  let start: Int64
  let moment: Timestamp
  /// From this many bytes on a size or place is written with 64 bits.
  let most: Int64
  /// True for one whose size was not known when its header was first written.
  var isOfUnknownSize = false
  /// Highest byte first, as sums are shown.
  var sum: [UInt8] = [0, 0, 0, 0]
  var compressed: Int64 = 0

  /// Decided before the compressed size is known, so with room for bytes that only get more.
  private var hasLargeHeader: Bool { isOfUnknownSize || size + size >> 10 + 64 >= most }

  /// The header before the bytes; as long before they are known as after.
  var header: [UInt8] {
    let extra = hasLargeHeader ? ZIPEntry.extra([size, compressed]) : []
    let sizes = hasLargeHeader ? ZIPEntry.unknown + ZIPEntry.unknown : little(compressed) + little(size)
    return ByteOrder.little32(0x0403_4B50) + shared(isLarge: hasLargeHeader, sizes, extra) + name + extra
  }

  /// The entry in the directory at the end.
  var record: [UInt8] {
    let large = [size, compressed, start].filter { $0 >= most }
    let extra = large.isEmpty ? [] : ZIPEntry.extra(large)
    var bytes = ByteOrder.little32(0x0201_4B50) + ByteOrder.little16(ZIPEntry.maker)
    bytes += shared(isLarge: hasLargeHeader || !large.isEmpty, little(compressed) + little(size), extra)
    // No comment, first disk, no internal attributes.
    let mode = name.last == UInt8(ascii: "/") ? ZIPEntry.modes.folder : ZIPEntry.modes.file
    bytes += [0, 0, 0, 0, 0, 0] + ByteOrder.little32(mode) + little(start)
    return bytes + name + extra
  }

  private func shared(isLarge: Bool, _ sizes: [UInt8], _ extra: [UInt8]) -> [UInt8] {
    let words = [
      isLarge ? ZIPEntry.versions.large : ZIPEntry.versions.usual, ZIPEntry.flags, isStored ? 0 : 8, time, date,
    ]
    return words.flatMap(ByteOrder.little16) + sum.reversed() + sizes + ByteOrder.little16(name.count)
      + ByteOrder.little16(extra.count)
  }

  private func little(_ value: Int64) -> [UInt8] {
    value >= most ? ZIPEntry.unknown : ByteOrder.little32(Int(value))
  }

  private static func extra(_ values: [Int64]) -> [UInt8] {
    ByteOrder.little16(1) + ByteOrder.little16(values.count * 8) + values.flatMap(ByteOrder.little64)
  }

  /// The moment in UTC, in steps of two seconds; the format knows the years 1980 to 2107.
  private var civil: CivilTime {
    let (first, last) = (Int64(315_532_800_000), Int64(4_354_819_198_000))
    return CivilTime(Timestamp(milliseconds: min(max(moment.milliseconds, first), last)))
  }

  private var time: Int { civil.hour << 11 | civil.minute << 5 | civil.second / 2 }
  private var date: Int { (civil.year - 1980) << 9 | civil.month << 5 | civil.day }
}
