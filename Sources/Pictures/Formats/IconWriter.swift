import Formats

/// Writes a Windows icon or cursor with the picture in several sizes: bitmaps, and a PNG for sides over 128 pixels.
final class IconWriter: PictureWriter {
  static let mostSide = 256
  private static let sides = [16, 24, 32, 48, 64, 128]

  private let descriptor: Int32
  private let header: PictureHeader
  private let isCursor: Bool
  private let picture: PixelRows
  private var rowsDone = 0

  /// The picture has four channels and at most 256 pixels on a side.
  init(_ descriptor: Int32, _ header: PictureHeader, isCursor: Bool) throws(ConversionFailure) {
    self.descriptor = descriptor
    self.header = header
    self.isCursor = isCursor
    picture = try PixelRows(rows: header.height, bytesPerRow: header.bytesPerRow)
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    let target = picture.bytes(header.height)[rowsDone * header.bytesPerRow..<(rowsDone + count) * header.bytesPerRow]
    UnsafeMutableRawBufferPointer(rebasing: target).copyMemory(from: rows)
    rowsDone += count
  }

  func finish() throws(ConversionFailure) -> Int64 {
    let longest = max(header.width, header.height)
    let smaller = isCursor ? [] : IconWriter.sides.filter { $0 < longest }
    let sizes =
      smaller.map { side in
        (width: max(1, header.width * side / longest), height: max(1, header.height * side / longest))
      } + [(width: header.width, height: header.height)]
    var entries: [UInt8] = [0, 0, isCursor ? 2 : 1, 0] + ByteOrder.little16(sizes.count)
    var offset = Int64(6 + 16 * sizes.count)
    for size in sizes {
      let end = try write(size.width, size.height, at: offset)
      entries += [UInt8(truncatingIfNeeded: size.width), UInt8(truncatingIfNeeded: size.height), 0, 0]
      // A cursor has its hot spot in these two places.
      entries += isCursor ? [0, 0, 0, 0] : [1, 0, 32, 0]
      entries += ByteOrder.little32(Int(end - offset)) + ByteOrder.little32(Int(offset))
      offset = end
    }
    let output = ByteOutput(descriptor)
    try output.write(entries)
    _ = try output.finish()
    return offset
  }

  private func write(_ width: Int, _ height: Int, at offset: Int64) throws(ConversionFailure) -> Int64 {
    let size = PictureHeader(width: width, height: height, channels: 4)
    let rows = try PixelRows(rows: height, bytesPerRow: size.bytesPerRow)
    let whole = PixelBox(PixelArea(x: 0, y: 0, width: header.width, height: header.height))
    if size == header {
      rows.bytes(height).copyMemory(from: .init(picture.bytes(height)))
    } else {
      try ResizedRows(HeldPicture(picture, header), box: whole, width: width, height: height, .lanczos3)
        .read(height, into: rows.bytes(height))
    }
    if max(width, height) > 128, !isCursor {
      let writer = try PNGWriter(descriptor, offset: offset, size, .drawing)
      try writer.write(height, from: .init(rows.bytes(height)))
      return try writer.finish()
    }
    return try writeBitmap(size, rows, at: offset)
  }

  private func writeBitmap(_ size: PictureHeader, _ rows: PixelRows, at offset: Int64) throws(ConversionFailure)
    -> Int64
  {
    let output = ByteOutput(descriptor, offset: offset)
    let maskStride = (size.width + 31) / 32 * 4
    for number in [40, size.width, size.height * 2] { try output.write(ByteOrder.little32(number)) }
    try output.write(ByteOrder.little16(1) + ByteOrder.little16(32))
    for number in [0, (size.bytesPerRow + maskStride) * size.height, 0, 0, 0, 0] {
      try output.write(ByteOrder.little32(number))
    }
    let swapped = try PixelRows(rows: 1, bytesPerRow: size.bytesPerRow)
    for y in (0..<size.height).reversed() {
      BMPWriter.swap(size, .init(rows.row(y)), into: swapped.bytes(1))
      try output.write(UnsafeRawBufferPointer(swapped.bytes(1)))
    }
    for y in (0..<size.height).reversed() {
      var bits = [UInt8](repeating: 0, count: maskStride)
      let row = rows.row(y)
      for x in 0..<size.width where row[x * 4 + 3] == 0 { bits[x / 8] |= 0x80 >> UInt8(x % 8) }
      try output.write(bits)
    }
    return try output.finish()
  }
}
