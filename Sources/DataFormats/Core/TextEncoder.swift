/// Writes UTF-8 that comes in pieces in another encoding, with its mark in front where it has one.
package final class TextEncoder {
  private let target: ByteDrain
  private let encoding: TextEncoding
  /// What 0x80 to 0xFF stand for where each byte is a character.
  private let upper: [UInt16]
  private var isAtBeginning = true
  /// The beginning of a character that the next piece completes.
  private var kept: [UInt8] = []

  package init(_ target: ByteDrain, _ encoding: TextEncoding) {
    self.target = target
    self.encoding = encoding
    upper = encoding.upper
  }

  /// What a writer of UTF-8 writes to; it must be flushed before the target is.
  package func makeDrain() -> ByteDrain { ByteDrain { try self.put($0) } }

  /// Throws `DataFault` for a character that the encoding has not.
  private func put(_ piece: UnsafeRawBufferPointer) throws {
    if isAtBeginning { try putMark() }
    if encoding == .utf8 || encoding == .utf8WithMark { return try target.put(piece) }
    let all = kept + piece
    kept = []
    try all.withUnsafeBytes { bytes in
      let cut = UTF8Sequence.cutOff(bytes)
      kept = Array(bytes.suffix(cut))
      for scalar in String(decoding: bytes.dropLast(cut), as: UTF8.self).unicodeScalars { try put(scalar) }
    }
  }

  private func putMark() throws {
    isAtBeginning = false
    switch encoding {
    case .utf8, .windows1252, .table: break
    case .utf8WithMark: for byte: UInt8 in [0xEF, 0xBB, 0xBF] { try target.put(byte) }
    case .utf16LittleEndian, .utf16BigEndian: try put(unit: 0xFEFF)
    }
  }

  private func put(_ scalar: Unicode.Scalar) throws {
    if !upper.isEmpty { return try target.put(byte(of: scalar)) }
    for unit in UTF16.encode(scalar) ?? .init() { try put(unit: unit) }
  }

  private func put(unit: UInt16) throws {
    let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
    try target.put(encoding == .utf16BigEndian ? high : low)
    try target.put(encoding == .utf16BigEndian ? low : high)
  }

  private func byte(of scalar: Unicode.Scalar) throws -> UInt8 {
    if scalar.value < 0x80 { return UInt8(scalar.value) }
    // U+FFFD stands where a table has no character.
    if scalar != "\u{FFFD}", let place = upper.firstIndex(where: { UInt32($0) == scalar.value }) {
      return UInt8(0x80 + place)
    }
    let title = encoding == .windows1252 ? "Windows-1252" : encoding.name
    throw DataFault(.unsupported, "\(title) has no ‘\(scalar)’; UTF-8 has every character")
  }
}
