import Formats

/// The marker segments of a JPEG file before its first scan (ITU-T T.81 annex B).
enum JPEGSegments {
  /// More than any camera writes; what lies behind is not looked at.
  static let most = 1024
  static let mostBytes = 65_533

  static let app1: UInt8 = 0xE1

  /// One segment with its marker; offset and length are those of both.
  struct Segment {
    let marker: UInt8
    let offset: Int64
    let length: Int64
  }

  /// Visits the segments in their order until the first scan, or until `visit` returns false; returns where it stopped.
  @discardableResult
  static func each(
    in input: ByteInput, _ visit: (Segment) throws(ConversionFailure) -> Bool
  ) throws(ConversionFailure) -> Int64 {
    var offset: Int64 = 2
    for _ in 0..<most {
      let head = try input.bytes(at: offset, atMost: 4)
      guard head.count == 4 else { break }
      // Bytes between segments are passed over, as decoders do.
      guard head[0] == 0xFF, head[1] != 0 else {
        offset += 1
        continue
      }
      switch head[1] {
      case 0xFF:
        // A fill byte before a marker (B.1.1.2).
        offset += 1
        continue
      case 0x01, 0xD0...0xD7:
        offset += 2
        continue
      case 0xD8, 0xD9, 0xDA: return offset
      default: break
      }
      let length = Int64(head[2]) << 8 | Int64(head[3])
      guard length >= 2 else { break }
      if !(try visit(Segment(marker: head[1], offset: offset, length: length + 2))) { return offset }
      offset += 2 + length
    }
    return offset
  }

  /// The first segment of a kind whose payload begins with `label`, without the label; nil when there is none.
  static func first(
    _ marker: UInt8, label: [UInt8], in input: ByteInput
  ) throws(ConversionFailure) -> ArraySlice<UInt8>? {
    var found: ArraySlice<UInt8>?
    try each(in: input) { (segment) throws(ConversionFailure) in
      guard segment.marker == marker, segment.length >= 4 + label.count else { return true }
      let body = try input.bytes(at: segment.offset + 4, atMost: Int(segment.length) - 4)
      guard body.starts(with: label) else { return true }
      found = body.dropFirst(label.count)
      return false
    }
    return found
  }

  /// Copies a JPEG to a writer of bytes, its coded pixels unchanged, without comments and what applications put in;
  /// kept are JFIF, colour profiles and Adobe's marker.
  static func copy(
    _ input: ByteInput, _ take: (UnsafeRawBufferPointer) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    try pass(input, 0, 2, take)
    let scan = try each(in: input) { (segment) throws(ConversionFailure) in
      let isExtra =
        (0xE1...0xEF).contains(segment.marker) && ![0xE2, 0xEE].contains(segment.marker) || segment.marker == 0xFE
      if !isExtra { try pass(input, segment.offset, segment.length, take) }
      return true
    }
    try pass(input, scan, .max, take)
  }

  private static func pass(
    _ input: ByteInput, _ start: Int64, _ count: Int64,
    _ take: (UnsafeRawBufferPointer) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    let buffer = try PixelRows(rows: 1, bytesPerRow: 1 << 16)
    var done: Int64 = 0
    while done < count {
      let step = Int(min(count - done, 1 << 16))
      let got = try input.fill(.init(rebasing: buffer.bytes(1)[..<step]), at: start + done)
      if got == 0 { return }
      try take(.init(rebasing: buffer.bytes(1)[..<got]))
      done += Int64(got)
    }
  }

  /// The colour profile, of pieces in whatever order, each of which counts once (ICC.1 annex B.4); nil when one is missing.
  static func profile(in input: ByteInput) throws(ConversionFailure) -> ColourProfile? {
    let label = Array("ICC_PROFILE\0".utf8)
    var pieces: [UInt8: ArraySlice<UInt8>] = [:]
    try each(in: input) { (segment) throws(ConversionFailure) in
      guard segment.marker == 0xE2, segment.length > 4 + label.count + 2 else { return true }
      let body = try input.bytes(at: segment.offset + 4, atMost: Int(segment.length) - 4)
      guard body.starts(with: label), body.count > label.count + 2 else { return true }
      if pieces[body[label.count]] == nil { pieces[body[label.count]] = body[(label.count + 2)...] }
      return pieces.values.reduce(0) { $0 + $1.count } < 2 * ColourProfile.largest
    }
    guard let first = pieces.keys.min() else { return nil }
    var bytes: [UInt8] = []
    for number in first...first + UInt8(min(254 - Int(first), pieces.count - 1)) {
      guard let piece = pieces[number] else { return nil }
      bytes += piece
    }
    return bytes.withUnsafeBufferPointer { ColourProfile($0.baseAddress, count: $0.count) }
  }

  static func exif(in input: ByteInput) throws(ConversionFailure) -> EXIF? {
    try first(app1, label: Array("Exif\0\0".utf8), in: input).map { EXIF($0) }
  }

  /// The resolution in the JFIF segment, when it has a unit (ITU-T T.871 section 10.1).
  static func resolution(in input: ByteInput) throws(ConversionFailure) -> Resolution? {
    guard let body = try first(0xE0, label: Array("JFIF\0".utf8), in: input).map(Array.init), body.count >= 7 else {
      return nil
    }
    let (across, down) = (Int(body[3]) << 8 | Int(body[4]), Int(body[5]) << 8 | Int(body[6]))
    switch body[2] {
    case 1: return Resolution(across, down, per: .inch)
    case 2: return Resolution(across, down, per: .centimetre)
    default: return nil
    }
  }
}
