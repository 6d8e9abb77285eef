/// The marker segments of a JPEG file before its first scan (ITU-T T.81 annex B).
enum JPEGSegments {
  /// More than any camera writes; what lies behind is not looked at.
  static let most = 1024
  static let mostBytes = 65_533

  static let app1: UInt8 = 0xE1

  /// The first segment of a kind whose payload begins with `label`, without the label; nil when there is none.
  static func first(
    _ marker: UInt8, label: [UInt8], in input: ByteInput
  ) throws(ConversionFailure) -> ArraySlice<UInt8>? {
    var offset: Int64 = 2
    for _ in 0..<most {
      let head = try input.bytes(at: offset, atMost: 4 + label.count)
      guard head.count >= 4, head[0] == 0xFF else { return nil }
      switch head[1] {
      case 0xFF:
        // A fill byte before a marker (B.1.1.2).
        offset += 1
        continue
      case 0x01, 0xD0...0xD7:
        offset += 2
        continue
      case 0xD8, 0xD9, 0xDA: return nil
      default: break
      }
      let length = Int(head[2]) << 8 | Int(head[3])
      guard length >= 2 else { return nil }
      if head[1] == marker, length - 2 >= label.count, head.dropFirst(4).elementsEqual(label) {
        return try input.bytes(at: offset + 4, atMost: length - 2).dropFirst(label.count)
      }
      offset += Int64(2 + length)
    }
    return nil
  }

  static func exif(in input: ByteInput) throws(ConversionFailure) -> EXIF? {
    try first(app1, label: Array("Exif\0\0".utf8), in: input).map { EXIF($0) }
  }

  /// The resolution in the JFIF segment, when it has a unit (ITU-T T.871 section 10.1).
  static func dpi(in input: ByteInput) throws(ConversionFailure) -> Int? {
    guard let body = try first(0xE0, label: Array("JFIF\0".utf8), in: input).map(Array.init), body.count >= 5 else {
      return nil
    }
    let density = Int(body[3]) << 8 | Int(body[4])
    guard density > 0 else { return nil }
    switch body[2] {
    case 1: return density
    case 2: return Int((Double(density) * 2.54).rounded())
    default: return nil
    }
  }
}
