import Formats

/// Writes a picture as the page of a PDF, without loss; what is transparent goes into a mask.
final class PDFWriter: PictureWriter {
  private let file: PDFFile
  /// False when more pages may follow.
  private let isWhole: Bool
  private let header: PictureHeader
  private let page: PDFPage
  private let pixels: Deflater
  private let mask: Deflater?
  /// The mask's compressed bytes, which come after those of the pixels.
  private var maskBytes: [UInt8] = []
  private let filtersRows: Bool

  /// With a document the page is added to it; without, the file is complete with it.
  init(
    _ descriptor: Int32, _ document: PDFFile?, _ header: PictureHeader, _ content: PNGWriter.Content,
    _ attachments: PictureAttachments, _ options: ConversionOptions
  ) throws(ConversionFailure) {
    if let document { file = document } else { file = try PDFFile(descriptor) }
    isWhole = document == nil
    self.header = header
    page = PDFPage(sides: (header.width, header.height), attachments.resolution, options)
    filtersRows = content == .photograph
    pixels = try Deflater(level: filtersRows ? 1 : 6, isNoise: filtersRows)
    let hasAlpha = header.channels % 2 == 0
    mask = hasAlpha ? try Deflater(level: 6) : nil
    let colours = header.channels < 3 ? 1 : 3
    let space = try file.colourSpace(attachments.profile, channels: colours)
    try file.beginImage(
      header,
      "/ColorSpace \(space) /Filter /FlateDecode "
        + "/DecodeParms << /Predictor 15 /Colors \(colours) /Columns \(header.width) >>",
      hasMask: hasAlpha)
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    let hasAlpha = mask != nil
    let colours = header.channels - (hasAlpha ? 1 : 0)
    // A row begins with the number of its filter, as in a PNG: none, or the difference to the pixel on the left.
    let filtered = try PixelRows(rows: count, bytesPerRow: 1 + header.width * colours)
    let alpha = hasAlpha ? try PixelRows(rows: count, bytesPerRow: header.width) : nil
    for index in 0..<count {
      let from = rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow]
      let row = UnsafeRawBufferPointer(rebasing: from)
      let target = filtered.row(index)
      target[0] = filtersRows ? 1 : 0
      for x in 0..<header.width {
        for channel in 0..<colours {
          let sample = row[x * header.channels + channel]
          let left = filtersRows && x > 0 ? row[(x - 1) * header.channels + channel] : 0
          target[1 + x * colours + channel] = sample &- left
        }
        alpha?.row(index)[x] = row[x * header.channels + colours]
      }
    }
    try pixels.add(.init(filtered.bytes(count))) { (bytes) throws(ConversionFailure) in try file.add(bytes) }
    if let alpha {
      try mask?.add(.init(alpha.bytes(count))) { (bytes) throws(ConversionFailure) in
        maskBytes.append(contentsOf: bytes)
      }
    }
  }

  func finish() throws(ConversionFailure) -> Int64 {
    try pixels.end { (bytes) throws(ConversionFailure) in try file.add(bytes) }
    try file.endStream()
    if let mask {
      try mask.end { (bytes) throws(ConversionFailure) in maskBytes.append(contentsOf: bytes) }
      try file.beginMask(header)
      let (file, bytes) = (file, maskBytes)
      var failure: ConversionFailure?
      bytes.withUnsafeBytes { bytes in
        do throws(ConversionFailure) { try file.add(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
      try file.endStream()
    }
    try file.endPage(page, .upright)
    return isWhole ? try file.finish() : 0
  }
}
