import Formats

/// Reads Netpbm's formats: PBM, PGM and PPM as text or bytes (P1 to P6), and PAM (P7).
final class PNMReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let stream: ByteStream
  private let head: PNMHeader
  private let row: PixelRows
  /// What each stored value becomes, for values of one byte or of text.
  private let scale: [UInt8]

  init(_ descriptor: Int32, _ format: Format, _ limits: ConversionLimits) throws(ConversionFailure) {
    stream = try ByteStream(descriptor, format)
    head = try PNMHeader(stream)
    header = PictureHeader(width: head.width, height: head.height, channels: head.depth)
    try header.check(limits, maxPixels: nil)
    row = try PixelRows(
      rows: 1, bytesPerRow: head.isPacked ? (head.width + 7) / 8 : head.width * head.depth * head.sampleBytes)
    // PGM's deep samples are rounded to 16 bits first, as their high byte is what is kept.
    let (most, isDeep) = (Double(head.most), head.most > 255 && head.depth < 3)
    scale = (0...head.most).map { value in
      isDeep
        ? UInt8(Int((Double(value) / most * 65_535).rounded(.toNearestOrEven)) >> 8)
        : UInt8((Double(value) / most * 255).rounded(.toNearestOrEven))
    }
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow])
      if head.isText { try readText(target) } else { try readBytes(target) }
      rowsDone += 1
    }
  }

  private func readText(_ target: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in target.indices {
      let value = head.isPacked ? try PNMHeader.bit(stream) : try PNMHeader.number(stream)
      guard value <= head.most else { throw stream.damaged("a sample is over its maximum") }
      target[index] = head.isPacked ? (value == 0 ? 255 : 0) : scale[value]
    }
  }

  private func readBytes(_ target: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let bytes = row.bytes(1)
    guard !head.isPacked else {
      try stream.read(into: bytes)
      for index in target.indices { target[index] = bytes[index / 8] >> (7 - index % 8) & 1 == 0 ? 255 : 0 }
      return
    }
    if head.sampleBytes == 1, head.most == 255 { return try stream.read(into: target) }
    try stream.read(into: bytes)
    for index in target.indices {
      let value = head.sampleBytes == 1 ? Int(bytes[index]) : Int(bytes[index * 2]) << 8 | Int(bytes[index * 2 + 1])
      target[index] = scale[min(value, head.most)]
    }
  }
}
