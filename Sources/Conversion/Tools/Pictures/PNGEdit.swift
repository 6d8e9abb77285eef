/// Puts a colour profile into a PNG that a program has made without one, and finds what stands before its pixels.
enum PNGEdit {
  /// Signature and header, behind which the chunk stands (W3C PNG, 5.6).
  private static let headBytes: Int64 = 33
  private static let blockBytes = 0xFFFF

  static func pieces(of name: String, withProfile profile: [UInt8]) -> [ToolPiece] {
    [.part(of: name, from: 0, count: headBytes), .bytes(profileChunk(profile)), .part(of: name, from: headBytes)]
  }

  /// What a chunk before the pixels holds; nil where there is none.
  static func chunk(_ name: String, in bytes: [UInt8]) -> [UInt8]? {
    var place = 8
    while place + 12 <= bytes.count {
      let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = bytes[place + 4..<place + 8]
      guard size <= bytes.count - place - 12, !kind.elementsEqual("IDAT".utf8) else { return nil }
      if kind.elementsEqual(name.utf8) { return Array(bytes[place + 8..<place + 8 + size]) }
      place += size + 12
    }
    return nil
  }

  /// An iCCP chunk (W3C PNG, 11.3.2.3), stored rather than deflated, for it is small.
  static func profileChunk(_ profile: [UInt8]) -> [UInt8] {
    var body = Array("iCCPicc".utf8) + [0, 0, 0x78, 0x01]
    var sums: (UInt32, UInt32) = (1, 0)
    for byte in profile {
      sums.0 = (sums.0 + UInt32(byte)) % 65_521
      sums.1 = (sums.1 + sums.0) % 65_521
    }
    var place = 0
    repeat {
      let block = profile[place..<min(place + blockBytes, profile.count)]
      place = block.endIndex
      let size = UInt16(block.count)
      body.append(place == profile.count ? 1 : 0)
      for half in [size, ~size] { body += [UInt8(half & 0xFF), UInt8(half >> 8)] }
      body += block
    } while place < profile.count
    body += big(sums.1 << 16 | sums.0)
    var sum = CRC32()
    body.withUnsafeBytes { sum.update($0) }
    return big(UInt32(body.count - 4)) + body + sum.finish()
  }

  private static func big(_ number: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(number >> UInt32($0) & 0xFF) }
  }
}
