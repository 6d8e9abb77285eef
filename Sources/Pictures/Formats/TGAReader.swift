import Formats

/// Reads a Truevision TGA: grey, palette or colour, plain or run-length coded, from any corner.
final class TGAReader: PictureReader {
  let header: PictureHeader
  let storedOrientation: Orientation
  private(set) var rowsDone = 0
  private let layout: PixelLayout
  private let stream: ByteStream
  private let row: PixelRows
  private let isRunLength: Bool
  private let pixelBytes: Int
  /// What is left of the packet that the last row ended in.
  private var left = 0
  private var isRun = false
  private var pixel: [UInt8]

  convenience init(_ descriptor: Int32, _ limits: ConversionLimits) throws(ConversionFailure) {
    try self.init(descriptor, limits, looksAtAlpha: true)
  }

  private init(_ descriptor: Int32, _ limits: ConversionLimits, looksAtAlpha: Bool) throws(ConversionFailure) {
    stream = try ByteStream(descriptor, .tga)
    let head = try stream.read(18)
    func number(_ place: Int) -> Int { Int(head[place]) | Int(head[place + 1]) << 8 }
    let (kind, bits, flags) = (Int(head[2]), Int(head[16]), head[17])
    isRunLength = kind & 8 != 0
    let (hasPalette, isMirrored, isTopDown) = (head[1] == 1, flags & 0x10 != 0, flags & 0x20 != 0)
    storedOrientation = Orientation(swaps: false, mirrorsX: isMirrored, mirrorsY: !isTopDown)
    guard head[1] <= 1, number(12) > 0, number(14) > 0 else { throw stream.damaged("impossible header") }

    stream.skip(Int(head[0]))
    let palette =
      hasPalette
      ? try TGAReader.palette(
        stream, first: number(3), count: number(5), bits: Int(head[7]), hasAlpha: flags & 15 > 0) : nil
    var layout: PixelLayout
    switch (kind & ~8, bits) {
    case (1, 8): layout = .indexed(bits: 8, palette ?? .grey(levels: 256))
    case (2, 15): layout = TGAReader.short(hasAlpha: false)
    // Without attribute bits the highest one means nothing.
    case (2, 16): layout = TGAReader.short(hasAlpha: flags & 15 > 0)
    case (2, 24): layout = .bytes(size: 3, places: [2, 1, 0])
    case (2, 32): layout = .bytes(size: 4, places: [2, 1, 0, 3])
    case (3, 8): layout = .bytes(size: 1, places: [0])
    case (3, 16): layout = .bytes(size: 2, places: [0, 1])
    default: throw stream.unsupported("type \(kind) with \(bits) bits")
    }
    // Alpha that is 0 in every pixel says nothing.
    if looksAtAlpha, bits == 32, try !AlphaMeaning.isSaid(by: TGAReader(descriptor, limits, looksAtAlpha: false)) {
      layout = layout.withoutAlpha
    }
    self.layout = layout
    header = PictureHeader(width: number(12), height: number(14), channels: layout.channels)
    try header.check(limits, maxPixels: nil)
    pixelBytes = (layout.bits + 7) / 8
    pixel = [UInt8](repeating: 0, count: pixelBytes)
    row = try PixelRows(rows: 1, bytesPerRow: header.width * pixelBytes)
  }

  /// Five bits each, and perhaps one that is 0 where the pixel is opaque.
  private static func short(hasAlpha: Bool) -> PixelLayout {
    let alpha = hasAlpha ? [PixelLayout.Field(shift: 15, bits: 1, isInverted: true)] : []
    return .fields(size: 2, [10, 5, 0].map { PixelLayout.Field(shift: $0, bits: 5) } + alpha)
  }

  private static func palette(
    _ stream: ByteStream, first: Int, count: Int, bits: Int, hasAlpha: Bool
  ) throws(ConversionFailure) -> Palette {
    guard [15, 16, 24, 32].contains(bits) else { throw stream.unsupported("palette of \(bits) bits") }
    var colours = [[UInt8]](repeating: [0, 0, 0, 255], count: min(first, 256))
    let end = stream.position + Int64(count * ((bits + 7) / 8))
    for _ in 0..<min(count, max(0, 256 - first)) {
      let bytes = try stream.read((bits + 7) / 8)
      guard bits <= 16 else {
        colours.append([bytes[2], bytes[1], bytes[0], bits == 32 ? bytes[3] : 255])
        continue
      }
      let value = Int(bytes[0]) | Int(bytes[1]) << 8
      colours.append(
        [10, 5, 0].map { PixelLayout.Field(shift: $0, bits: 5).sample(value) }
          + [bits == 16 && hasAlpha && value >> 15 != 0 ? 0 : 255])
    }
    stream.seek(to: end)
    return Palette(colours)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let bytes = row.bytes(1)
      if isRunLength { try unpack(bytes) } else { try stream.read(into: bytes) }
      let target = rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow]
      layout.expand(header.width, from: .init(bytes), to: .init(rebasing: target))
      rowsDone += 1
    }
  }

  /// Packets may cross the ends of rows.
  private func unpack(_ bytes: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    var done = 0
    while done < bytes.count {
      if left == 0 {
        let head = try stream.byte()
        left = Int(head & 127) + 1
        isRun = head & 128 != 0
        if isRun { pixel = try stream.read(pixelBytes) }
      }
      let step = min(left * pixelBytes, bytes.count - done)
      if isRun {
        for index in 0..<step { bytes[done + index] = pixel[index % pixelBytes] }
      } else {
        try stream.read(into: .init(rebasing: bytes[done..<done + step]))
      }
      done += step
      left -= step / pixelBytes
    }
  }
}
