/// Reads a bitmap within an icon: as many rows again of one bit a pixel follow the colours and tell what is transparent.
final class IconBitmapReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let bitmap: BMPHeader
  private let colours: ByteStream
  private let mask: ByteStream
  private let maskStart: Int64
  private let row: PixelRows
  private let maskRow: PixelRows
  private let expanded: PixelRows

  /// The stream stands at the bitmap's header; `end` is where the icon's directory says that the picture ends.
  init(
    _ stream: ByteStream, _ descriptor: Int32, _ format: Format, end: Int64, _ limits: ConversionLimits
  ) throws(ConversionFailure) {
    bitmap = try BMPHeader(stream, pixels: nil)
    guard !bitmap.isRunLength, !bitmap.isTopDown, bitmap.height >= 2 else { throw stream.unsupported("coded bitmap") }
    let height = bitmap.height / 2
    header = PictureHeader(width: bitmap.width, height: height, channels: 4)
    try header.check(limits, maxPixels: nil)
    colours = stream
    mask = try ByteStream(descriptor, format)
    row = try PixelRows(rows: 1, bytesPerRow: bitmap.stride)
    maskRow = try PixelRows(rows: 1, bytesPerRow: (bitmap.width + 31) / 32 * 4)
    expanded = try PixelRows(rows: 1, bytesPerRow: bitmap.width * bitmap.layout.channels)
    // From the end, as others have it: not every writer lays the colours out as long as they should be.
    maskStart = max(bitmap.pixels, end - Int64(maskRow.bytesPerRow * height))
  }

  private var hasAlpha: Bool { bitmap.bits == 32 }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let place = Int64(header.height - 1 - rowsDone)
      colours.seek(to: bitmap.pixels + place * Int64(bitmap.stride))
      try colours.read(into: row.bytes(1))
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow])
      bitmap.layout.expand(header.width, from: .init(row.bytes(1)), to: expanded.bytes(1))
      if !hasAlpha {
        mask.seek(to: maskStart + place * Int64(maskRow.bytesPerRow))
        try mask.read(into: maskRow.bytes(1))
      }
      combine(target)
      rowsDone += 1
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
        target[x * 4 + 3] = channels == 4 ? pixels[from + 3] : 255
      } else {
        target[x * 4 + 3] = bits[x / 8] >> (7 - x % 8) & 1 == 0 ? 255 : 0
      }
    }
  }
}
