/// A ZIP archive of stored entries, byte by byte, to be spoilt by tests.
struct StoredArchive {
  private(set) var bytes: [UInt8] = []
  /// Where the directory begins.
  let directory: Int

  init(_ entries: [(String, String)], comment: Int = 0, isLarge: Bool = false) {
    func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> ($0 * 8) & 255) } }
    var records: [UInt8] = []
    for (name, text) in entries {
      let (name, text) = (Array(name.utf8), Array(text.utf8))
      let sizes = little(0, 12) + little(text.count, 4) + little(text.count, 4) + little(name.count, 2) + little(0, 2)
      records += [0x50, 0x4B, 1, 2] + little(20, 4) + sizes + little(0, 10) + little(bytes.count, 4) + name
      bytes += [0x50, 0x4B, 3, 4] + little(20, 2) + sizes + name + text
    }
    directory = bytes.count
    let (count, size) = (entries.count, records.count)
    bytes += records
    if isLarge {
      let end = bytes.count
      bytes += [0x50, 0x4B, 6, 6] + little(44, 8) + little(45, 4) + little(0, 8) + little(count, 8) + little(count, 8)
      bytes += little(size, 8) + little(directory, 8)
      bytes += [0x50, 0x4B, 6, 7] + little(0, 4) + little(end, 8) + little(1, 4)
    }
    bytes += [0x50, 0x4B, 5, 6] + little(0, 4)
    if isLarge {
      bytes += [UInt8](repeating: 255, count: 12)
    } else {
      bytes += little(count, 2) + little(count, 2) + little(size, 4) + little(directory, 4)
    }
    bytes += little(comment, 2) + [UInt8](repeating: 0x20, count: comment)
  }
}
