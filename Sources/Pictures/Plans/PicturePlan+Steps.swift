import Formats

extension PicturePlan {
  /// The sides of what the plan makes.
  var result: (width: Int, height: Int) { padding ?? (turn.swapsSides ? (height, width) : (width, height)) }

  /// Makes the result smaller until no side is longer than `most`.
  mutating func fit(_ most: Int) {
    let longest = max(result.width, result.height)
    guard longest > most else { return }
    func shrink(_ side: Int) -> Int { max(1, side * most / longest) }
    (width, height) = (shrink(width), shrink(height))
    padding = padding.map { (shrink($0.width), shrink($0.height)) }
  }

  /// Makes the turned picture this large; only for a plan without padding.
  mutating func resize(to sides: (width: Int, height: Int)) {
    (width, height) = turn.swapsSides ? (sides.height, sides.width) : sides
  }

  /// Refuses a result that is larger than a picture may be.
  func check(_ limits: ConversionLimits, maxPixels: Int?) throws(ConversionFailure) {
    let most = min(limits.maxPixels, maxPixels ?? .max)
    for (width, height) in [(width, height), result] {
      let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
      guard width <= limits.maxSide, height <= limits.maxSide, !overflows, pixels <= most else {
        throw ConversionFailure(
          .tooManyPixels,
          "the result would have \(width) x \(height) pixels; \(most) pixels and \(limits.maxSide) on a side are allowed"
        )
      }
    }
  }

  /// Refuses a result that a format cannot hold.
  func check(_ target: PictureTarget) throws(ConversionFailure) {
    guard max(result.width, result.height) > target.limit else { return }
    throw ConversionFailure(
      .tooManyPixels,
      "the result would have \(result.width) x \(result.height) pixels, and a \(target.format.title) file has at most "
        + "\(target.limit) on a side; a smaller width or height, or another format, helps")
  }

  /// The steps up to and with the turn, on top of a reader of which no row has been read.
  func apply(
    to reader: any PictureReader, _ kernel: ResizeKernel, memoryBytes: Int64
  ) throws(ConversionFailure) -> any RowSource {
    let rows = try resized(reader, kernel)
    if turn == .upright { return rows }
    return turn.staysInRows ? MirroredRows(rows) : TurnedPicture(rows, turn, memoryBytes: memoryBytes)
  }

  private func resized(_ reader: any PictureReader, _ kernel: ResizeKernel) throws(ConversionFailure) -> any RowSource {
    let whole = PixelArea(x: 0, y: 0, width: reader.header.width, height: reader.header.height)
    guard box.width != Double(width) || box.height != Double(height) else {
      if box == PixelBox(whole) { return reader }
      return try CroppedRows(reader, PixelArea(x: Int(box.left), y: Int(box.top), width: width, height: height))
    }
    var (across, down) = (box.width / Double(width), box.height / Double(height))
    var rows: any RowSource = reader
    var box = box
    let factor = try reader.shrink(atMost: min(across, down) / PicturePlan.codecMargin)
    if factor > 1 {
      box = box.shrunk(Double(factor), Double(factor))
      (across, down) = (across / Double(factor), down / Double(factor))
    }
    let (blockWidth, blockHeight) = (max(1, Int(across / kernel.blockMargin)), max(1, Int(down / kernel.blockMargin)))
    if blockWidth > 1 || blockHeight > 1 {
      rows = try ShrunkRows(rows, across: blockWidth, down: blockHeight)
      box = box.shrunk(Double(blockWidth), Double(blockHeight))
    }
    return try ResizedRows(rows, box: box, width: width, height: height, kernel)
  }

  /// A codec that shrinks for nothing leaves the picture at least this many times as large as the result, so that the
  /// last and best step decides how it looks.
  private static let codecMargin = 2.0
}
