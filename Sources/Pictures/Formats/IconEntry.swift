import Formats

/// A picture within an icon as it is stored: what its own header says counts, for directories are often wrong.
struct IconEntry {
  /// More than any icon has; what the directory lists behind is not looked at.
  static let most = 1024
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  let isPNG: Bool
  private(set) var width: Int
  private(set) var height: Int
  private(set) var bits: Int
  let offset: Int64
  /// Where the directory says that the picture ends.
  let end: Int64

  /// Reads the entry's 16 bytes and the header of what it points at; nil for an entry that is not used.
  init?(_ entry: [UInt8], in input: ByteInput, _ format: Format) throws(ConversionFailure) {
    let size = IconEntry.little(entry, 8, 4)
    guard entry.count == 16, size > 0 else { return nil }
    offset = Int64(IconEntry.little(entry, 12, 4))
    end = offset + Int64(size)
    // A picture that cannot be looked at counts as what the directory says, so that an icon that was cut is not taken
    // for a smaller one.
    (width, height) = (entry[0] == 0 ? 256 : Int(entry[0]), entry[1] == 0 ? 256 : Int(entry[1]))
    // A cursor has its hot spot there.
    bits = format == .ico ? IconEntry.little(entry, 6, 2) : 0
    let head = try input.bytes(at: offset, atMost: 26)
    isPNG = head.starts(with: IconEntry.signature)
    guard let (width, height, bits) = isPNG ? IconEntry.png(head) : IconEntry.bitmap(head),
      (1...1 << 20).contains(width), (1...1 << 20).contains(height)
    else { return }
    (self.width, self.height, self.bits) = (width, height, bits)
  }

  /// True for a picture that is shown rather than the other: the larger, then the one with more colours.
  func isBetter(than other: IconEntry) -> Bool {
    (width * height, bits) > (other.width * other.height, other.bits)
  }

  private static func png(_ head: [UInt8]) -> (Int, Int, Int)? {
    guard head.count == 26 else { return nil }
    func big(_ place: Int) -> Int { head[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][head[25]] ?? 0
    return (big(16), big(20), Int(head[24]) * channels)
  }

  /// The height counts the rows of the mask, too.
  private static func bitmap(_ head: [UInt8]) -> (Int, Int, Int)? {
    guard head.count >= 16 else { return nil }
    let size = little(head, 0, 4)
    if size == 12 { return (little(head, 4, 2), little(head, 6, 2) / 2, little(head, 10, 2)) }
    guard (16...124).contains(size) else { return nil }
    return (little(head, 4, 4), abs(Int(Int32(truncatingIfNeeded: little(head, 8, 4)))) / 2, little(head, 14, 2))
  }

  private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
  }
}
