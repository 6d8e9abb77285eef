import Formats

/// Finds the fields of EXIF that change how a picture looks and how large it is.
struct EXIF {
  /// A TIFF structure as EXIF 2.32 section 4.5 lays it out.
  private(set) var bytes: [UInt8]
  /// Where the orientation's value stands and how long it is; nil without a valid one.
  private let place: (offset: Int, count: Int)?
  private let isLittle: Bool
  /// Where the two fractions of the resolution and its unit stand.
  private var across: Int?
  private var down: Int?
  private var unit: Int?

  /// Looks at the first directory only, and at no entry beyond the bytes that there are.
  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    isLittle = self.bytes.first == 0x49
    let entries = EXIF.entries(self.bytes)
    func entry(_ tag: Int) -> Entry? { entries.first { $0.tag == tag } }
    place = entry(0x0112).flatMap { $0.count == 1 ? ($0.offset + 8, $0.type == 3 ? 2 : 4) : nil }
    func fraction(_ tag: Int) -> Int? {
      guard let found = entry(tag), found.type == 5, found.count == 1 else { return nil }
      let place = number(found.offset + 8, 4)
      return place <= self.bytes.count - 8 ? place : nil
    }
    across = fraction(0x011A)
    down = fraction(0x011B)
    unit = entry(0x0128).flatMap { $0.count == 1 && $0.type == 3 ? $0.offset + 8 : nil }
  }

  var orientation: Orientation? {
    place.flatMap { Orientation(rawValue: number($0.offset, $0.count)) }
  }

  /// Without a unit the resolution is in inches; with the unit "none" it is only a ratio.
  var resolution: Resolution? {
    func value(_ place: Int?) -> Double {
      guard let place, number(place + 4, 4) > 0 else { return 0 }
      return Double(number(place, 4)) / Double(number(place + 4, 4))
    }
    switch unit.map({ number($0, 2) }) ?? 2 {
    case 2: return Resolution(value(across), value(down), per: .inch)
    case 3: return Resolution(value(across), value(down), per: .centimetre)
    default: return nil
    }
  }

  /// The same EXIF for a picture that has been turned.
  var upright: EXIF {
    guard let place else { return self }
    var copy = self
    copy.write(1, place.offset, place.count)
    return copy
  }

  /// The same EXIF with this resolution, where it tells one at all.
  func with(_ resolution: Resolution) -> EXIF {
    if let own = self.resolution, own.perInch == resolution.perInch { return self }
    var copy = self
    for (place, value) in [(across, resolution.across), (down, resolution.down)] {
      guard let place else { continue }
      let isWhole = value == value.rounded()
      copy.write(Int((isWhole ? value : value * 1000).rounded()), place, 4)
      copy.write(isWhole ? 1 : 1000, place + 4, 4)
    }
    if let unit { copy.write(2, unit, 2) }
    return copy
  }

  private struct Entry {
    let tag: Int
    let type: Int
    let count: Int
    let offset: Int
  }

  private static func entries(_ bytes: [UInt8]) -> [Entry] {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return [] }
    let isLittle = bytes[0] == 0x49
    func number(_ offset: Int, _ count: Int) -> Int { EXIF.number(bytes, offset, count, isLittle: isLittle) }
    let start = number(4, 4)
    guard number(2, 2) == 42, start >= 8, start <= bytes.count - 2 else { return [] }
    var entries: [Entry] = []
    var offset = start + 2
    for _ in 0..<number(start, 2) where offset <= bytes.count - 12 {
      entries.append(
        Entry(tag: number(offset, 2), type: number(offset + 2, 2), count: number(offset + 4, 4), offset: offset))
      offset += 12
    }
    return entries
  }

  private func number(_ offset: Int, _ count: Int) -> Int { EXIF.number(bytes, offset, count, isLittle: isLittle) }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int, isLittle: Bool) -> Int {
    (0..<count).reduce(0) { $0 << 8 | Int(bytes[offset + (isLittle ? count - 1 - $1 : $1)]) }
  }

  private mutating func write(_ value: Int, _ offset: Int, _ count: Int) {
    for index in 0..<count {
      bytes[offset + (isLittle ? index : count - 1 - index)] = UInt8(truncatingIfNeeded: value >> (index * 8))
    }
  }
}
