import Formats

extension EXIF {
  /// An EXIF of the author and the copyright only; nil when it tells neither.
  var copyright: EXIF? {
    guard let reader = TIFFReader(bytes), let start = reader.number(4, 4), let count = reader.number(start, 2) else {
      return nil
    }
    var kept: [(tag: Int, text: [UInt8])] = []
    for index in 0..<min(count, 256) {
      let entry = start + 2 + index * 12
      guard let tag = reader.number(entry, 2), [0x013B, 0x8298].contains(tag), reader.number(entry + 2, 2) == 2,
        let length = reader.number(entry + 4, 4), (1...65_535).contains(length),
        let place = length > 4 ? reader.number(entry + 8, 4) : entry + 8, let text = reader.slice(place, length)
      else { continue }
      kept.append((tag, Array(text)))
    }
    return kept.isEmpty ? nil : EXIF(EXIF.directory(of: kept.sorted { $0.tag < $1.tag }))
  }

  /// One directory of texts (TIFF 6.0 section 2), the bytes of numbers in order from the highest.
  private static func directory(of texts: [(tag: Int, text: [UInt8])]) -> [UInt8] {
    func big(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
    }
    var bytes = Array("MM".utf8) + big(42, 2) + big(8, 4) + big(texts.count, 2)
    var tail: [UInt8] = []
    let end = 8 + 2 + texts.count * 12 + 4
    for (tag, text) in texts {
      bytes += big(tag, 2) + big(2, 2) + big(text.count, 4)
      if text.count <= 4 {
        bytes += text + [UInt8](repeating: 0, count: 4 - text.count)
      } else {
        bytes += big(end + tail.count, 4)
        tail += text + (text.count % 2 == 1 ? [0] : [])
      }
    }
    return bytes + big(0, 4) + tail
  }
}
