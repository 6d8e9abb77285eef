import Formats

/// Reads a bitmap within an icon: as many rows again of one bit a pixel follow the colours and tell what is transparent.
final class IconBitmapReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let bitmap: BMPHeader
  private let colours: ByteStream
  private let mask: ByteStream
  private let maskStart: Int64
  /// False when the mask tells what is transparent.
  private var hasAlpha: Bool
  private var isAlphaKnown = false
  private let row: PixelRows
  private let maskRow: PixelRows
  private let expanded: PixelRows

  /// The stream stands at the bitmap's header; `end` is where the icon's directory says that the picture ends.
  init(
    _ stream: ByteStream, _ descriptor: Int32, _ format: Format, end: Int64, _ limits: ConversionLimits
  ) throws(ConversionFailure) {
    bitmap = try BMPHeader(stream, pixels: nil)
    guard !bitmap.isRunLength, bitmap.height >= 2 else { throw stream.unsupported("coded bitmap") }
    let height = bitmap.height / 2
    header = PictureHeader(width: bitmap.width, height: height, channels: 4)
    try header.check(limits, maxPixels: nil)
    colours = stream
    mask = try ByteStream(descriptor, format)
    row = try PixelRows(rows: 1, bytesPerRow: bitmap.stride)
    maskRow = try PixelRows(rows: 1, bytesPerRow: (bitmap.width + 31) / 32 * 4)
    expanded = try PixelRows(rows: 1, bytesPerRow: bitmap.width * bitmap.layout.channels)
    // Behind the colours, unless the picture ends before that: not every writer lays these out as long as they should be.
    let natural = bitmap.pixels + Int64(bitmap.stride * height)
    let fromEnd = end - Int64(maskRow.bytesPerRow * height)
    maskStart = fromEnd >= bitmap.pixels ? min(natural, fromEnd) : natural
    hasAlpha = bitmap.bits == 32 && bitmap.layout.channels == 4
  }

  func resolution() throws(ConversionFailure) -> Resolution? { bitmap.resolution }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    if !isAlphaKnown { try findAlpha() }
    for index in 0..<count {
      let place = Int64(bitmap.isTopDown ? rowsDone : header.height - 1 - rowsDone)
      colours.seek(to: bitmap.pixels + place * Int64(bitmap.stride))
      try colours.read(into: .init(rebasing: row.bytes(1)[..<bitmap.usedBytes]))
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow])
      bitmap.layout.expand(header.width, from: .init(row.bytes(1)), to: expanded.bytes(1))
      if !hasAlpha {
        mask.seek(to: maskStart + place * Int64(maskRow.bytesPerRow))
        try readMask()
      }
      combine(target)
      rowsDone += 1
    }
  }

  /// Every row has its place.
  func skipRow() -> Bool {
    rowsDone += 1
    return true
  }

  /// The mask may be missing beside 32 bits of colour, and its last row's padding always.
  func finish() throws(ConversionFailure) {
    guard try mask.fileSize() < maskStart + Int64(maskRow.bytesPerRow * header.height) else { return }
    throw mask.damaged("the mask ends too early")
  }

  /// Windows and browsers take the mask when the alpha is 0 everywhere.
  private func findAlpha() throws(ConversionFailure) {
    isAlphaKnown = true
    guard hasAlpha else { return }
    let alpha = expanded.bytes(1)
    colours.seek(to: bitmap.pixels)
    for _ in 0..<header.height {
      try colours.read(into: row.bytes(1))
      bitmap.layout.expand(header.width, from: .init(row.bytes(1)), to: alpha)
      for place in stride(from: 3, to: header.width * 4, by: 4) where alpha[place] != 0 { return }
    }
    hasAlpha = false
  }

  /// Beside 32 bits of colour the mask may be missing: the picture is opaque then.
  private func readMask() throws(ConversionFailure) {
    do throws(ConversionFailure) {
      try mask.read(into: .init(rebasing: maskRow.bytes(1)[..<((header.width + 7) / 8)]))
    } catch {
      guard bitmap.bits == 32, error.code == .damagedFile else { throw error }
      maskRow.bytes(1).initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  private func combine(_ target: UnsafeMutableRawBufferPointer) {
    let (pixels, bits, channels) = (expanded.bytes(1), maskRow.bytes(1), bitmap.layout.channels)
    for x in 0..<header.width {
      let from = x * channels
      target[x * 4] = pixels[from]
      target[x * 4 + 1] = pixels[channels == 1 ? from : from + 1]
      target[x * 4 + 2] = pixels[channels == 1 ? from : from + 2]
      if hasAlpha {
        target[x * 4 + 3] = pixels[from + 3]
      } else {
        target[x * 4 + 3] = bits[x / 8] >> (7 - x % 8) & 1 == 0 ? 255 : 0
      }
    }
  }
}
