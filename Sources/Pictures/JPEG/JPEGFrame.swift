import Formats

/// The header of a JPEG's frame: its sides and how its pixels are coded (ITU-T T.81 annex B.2.2).
struct JPEGFrame {
  let width: Int
  let height: Int
  let components: Int
  /// True for what PDF's DCTDecode takes: 8 bits, Huffman codes, baseline or progressive.
  let isCommon: Bool
  /// True when the Adobe marker tells of an unusual meaning of the components; ink is then stored inverted.
  let hasAdobe: Bool

  init?(in input: ByteInput) throws(ConversionFailure) {
    var found: (marker: UInt8, body: [UInt8])?
    var hasAdobe = false
    try JPEGSegments.each(in: input) { (segment) throws(ConversionFailure) in
      switch segment.marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        found = (segment.marker, try input.bytes(at: segment.offset + 4, atMost: 6))
      case 0xEE:
        hasAdobe = try input.bytes(at: segment.offset + 4, atMost: 5).elementsEqual("Adobe".utf8)
      default: break
      }
      return true
    }
    guard let (marker, body) = found, body.count == 6 else { return nil }
    height = Int(body[1]) << 8 | Int(body[2])
    width = Int(body[3]) << 8 | Int(body[4])
    components = Int(body[5])
    isCommon = (0xC0...0xC2).contains(marker) && body[0] == 8 && [1, 3, 4].contains(components) && height > 0
    self.hasAdobe = hasAdobe
  }
}
