/// Reads the one field of EXIF that changes how a picture looks.
enum EXIF {
  /// The orientation in a TIFF structure as EXIF 2.32 section 4.5 lays it out; nil without a valid one.
  ///
  /// Looks at the first directory only, and at no entry beyond the bytes that there are.
  static func orientation(in bytes: some RandomAccessCollection<UInt8>) -> Orientation? {
    let bytes = Array(bytes.prefix(1 << 16))
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
    let isLittle = bytes[0] == 0x49
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 << 8 | Int(bytes[offset + (isLittle ? count - 1 - $1 : $1)]) }
    }
    let start = number(4, 4)
    guard number(2, 2) == 42, start >= 8, start <= bytes.count - 2 else { return nil }
    let entries = number(start, 2)
    var offset = start + 2
    for _ in 0..<entries where offset <= bytes.count - 12 {
      let isShort = number(offset + 2, 2) == 3
      if number(offset, 2) == 0x0112 {
        guard number(offset + 4, 4) == 1 else { return nil }
        return Orientation(rawValue: number(offset + 8, isShort ? 2 : 4))
      }
      offset += 12
    }
    return nil
  }
}
