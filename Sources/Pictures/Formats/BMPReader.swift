import Formats

/// Reads a Windows bitmap: 1 to 32 bits, bit fields, run-length coding, either row order.
final class BMPReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let bitmap: BMPHeader
  private let stream: ByteStream
  private let row: PixelRows
  private var indexes: PixelRows?
  private let layout: PixelLayout
  private let allowsDamage: Bool
  private(set) var damage: Set<ConversionWarning> = []

  convenience init(
    _ descriptor: Int32, _ limits: ConversionLimits, allowsDamage: Bool = false
  ) throws(ConversionFailure) {
    try self.init(descriptor, limits, allowsDamage, looksAtAlpha: true)
  }

  private init(
    _ descriptor: Int32, _ limits: ConversionLimits, _ allowsDamage: Bool, looksAtAlpha: Bool
  ) throws(ConversionFailure) {
    self.allowsDamage = allowsDamage
    stream = try ByteStream(descriptor, .bmp)
    guard try stream.read(2) == Array("BM".utf8) else { throw stream.damaged("no signature") }
    stream.skip(8)
    let pixels = try stream.little32()
    bitmap = try BMPHeader(stream, pixels: Int64(pixels))
    // Alpha that is 0 in every pixel says nothing.
    let isOpaque =
      looksAtAlpha && bitmap.bits > 8 && bitmap.layout.channels == 4
      ? try !AlphaMeaning.isSaid(by: BMPReader(descriptor, limits, allowsDamage, looksAtAlpha: false)) : false
    layout = isOpaque ? bitmap.layout.withoutAlpha : bitmap.layout
    header = PictureHeader(width: bitmap.width, height: bitmap.height, channels: layout.channels)
    try header.check(limits, maxPixels: nil)
    row = try PixelRows(rows: 1, bytesPerRow: bitmap.stride)
  }

  func resolution() throws(ConversionFailure) -> Resolution? { bitmap.resolution }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let place = bitmap.isTopDown ? rowsDone : header.height - 1 - rowsDone
      let target = rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow]
      if bitmap.isRunLength {
        if indexes == nil { try unpack() }
        guard let indexes else { return }
        layout.expand(header.width, from: .init(indexes.row(place)), to: .init(rebasing: target))
      } else {
        let offset = bitmap.pixels + Int64(place) * Int64(bitmap.stride)
        if stream.position != offset { stream.seek(to: offset) }
        // The padding behind the last pixel may be missing where the file ends.
        try stream.read(into: .init(rebasing: row.bytes(1)[..<bitmap.usedBytes]))
        stream.skip(bitmap.stride - bitmap.usedBytes)
        layout.expand(header.width, from: .init(row.bytes(1)), to: .init(rebasing: target))
      }
      rowsDone += 1
    }
  }

  /// Every row has its place.
  func skipRow() -> Bool {
    guard !bitmap.isRunLength else { return false }
    rowsDone += 1
    return true
  }

  func finish() throws(ConversionFailure) {
    guard !bitmap.isRunLength, try stream.fileSize() < bitmap.pixels + Int64(bitmap.stride * header.height) else {
      return
    }
    throw stream.damaged("the last row ends too early")
  }

  private func unpack() throws(ConversionFailure) {
    let (rows, end) = try BMPRunLength.decode(stream, bitmap)
    indexes = rows
    switch end {
    case .marked: break
    case .unmarked: damage.insert(.endMissing)
    case .early(let failure):
      guard allowsDamage else { throw failure }
      damage.insert(.rowsMissing)
    }
  }
}
