/// TIFF files of several pages.
package enum TIFFPages {
  /// Grey pages, each of the shade and side that is given.
  package static func bytes(_ pages: [(shade: UInt8, side: Int)]) -> [UInt8] {
    var bytes = Array("II".utf8) + little(42, 2) + little(0, 4)
    var link = 4
    for page in pages {
      let pixels = bytes.count
      bytes += [UInt8](repeating: page.shade, count: page.side * page.side + page.side * page.side % 2)
      bytes.replaceSubrange(link..<link + 4, with: little(bytes.count, 4))
      let entries = [
        (256, 4, page.side), (257, 4, page.side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, pixels), (277, 3, 1),
        (278, 4, page.side), (279, 4, page.side * page.side),
      ]
      bytes += little(entries.count, 2)
      for (tag, type, value) in entries { bytes += little(tag, 2) + little(type, 2) + little(1, 4) + little(value, 4) }
      link = bytes.count
      bytes += little(0, 4)
    }
    return bytes
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
