/// Finds the one field of EXIF that changes how a picture looks.
struct EXIF {
  /// A TIFF structure as EXIF 2.32 section 4.5 lays it out.
  private(set) var bytes: [UInt8]
  /// Where the orientation's value stands, how long it is, and in which order; nil without a valid one.
  private let place: (offset: Int, count: Int, isLittle: Bool)?

  /// Looks at the first directory only, and at no entry beyond the bytes that there are.
  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    place = EXIF.find(self.bytes)
  }

  var orientation: Orientation? {
    place.flatMap { Orientation(rawValue: EXIF.number(bytes, $0.offset, $0.count, isLittle: $0.isLittle)) }
  }

  /// The same EXIF for a picture that has been turned.
  var upright: EXIF {
    guard let place else { return self }
    var copy = self
    for index in place.offset..<place.offset + place.count { copy.bytes[index] = 0 }
    copy.bytes[place.offset + (place.isLittle ? 0 : place.count - 1)] = 1
    return copy
  }

  private static func find(_ bytes: [UInt8]) -> (offset: Int, count: Int, isLittle: Bool)? {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
    let isLittle = bytes[0] == 0x49
    func number(_ offset: Int, _ count: Int) -> Int { EXIF.number(bytes, offset, count, isLittle: isLittle) }
    let start = number(4, 4)
    guard number(2, 2) == 42, start >= 8, start <= bytes.count - 2 else { return nil }
    var offset = start + 2
    for _ in 0..<number(start, 2) where offset <= bytes.count - 12 {
      if number(offset, 2) == 0x0112 {
        return number(offset + 4, 4) == 1 ? (offset + 8, number(offset + 2, 2) == 3 ? 2 : 4, isLittle) : nil
      }
      offset += 12
    }
    return nil
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int, isLittle: Bool) -> Int {
    (0..<count).reduce(0) { $0 << 8 | Int(bytes[offset + (isLittle ? count - 1 - $1 : $1)]) }
  }
}
