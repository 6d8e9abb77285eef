import CImage
import Formats

/// Resizes a part of a picture, with only as many source rows in memory as one result row is mixed of.
///
/// Columns are mixed first: that leaves few rows for the slower way along them, and works on whole rows at a time.
final class ResizedRows: RowSource {
  static let lanes = Int(CIMAGE_LANES)

  let header: PictureHeader
  private let source: any RowSource
  private let across: ResizeWeights
  private let down: ResizeWeights
  /// The starts across, counted from the first column that is needed.
  private let starts: [UInt32]
  /// The source rows that are still needed, each at its number modulo the ring's size.
  private let ring: PixelRows
  private let ringSize: Int
  private var rowsRead = 0
  /// The columns that any result pixel needs.
  private let columns: Range<Int>
  private let mixed: PixelRows
  private let mixedLanes: PixelRows
  private let resultLanes: PixelRows
  private let result: PixelRows
  private var rowsReady = 0
  private var rowsDone = 0

  /// `box` is the part to resize, in pixels of the source and fractions of them.
  init(
    _ source: any RowSource, box: PixelBox, width: Int, height: Int, _ kernel: ResizeKernel
  ) throws(ConversionFailure) {
    let from = source.header
    let channels = from.channels
    header = PictureHeader(width: width, height: height, channels: channels)
    self.source = source
    across = ResizeWeights(kernel, length: from.width, from: box.left, to: box.right, count: width)
    down = ResizeWeights(kernel, length: from.height, from: box.top, to: box.bottom, count: height)
    columns = across.start..<across.end
    starts = across.starts.map { [first = across.start] in $0 - UInt32(first) }
    ringSize = min(down.taps, from.height)
    ring = try PixelRows(rows: ringSize, bytesPerRow: from.bytesPerRow)
    mixed = try PixelRows(rows: ResizedRows.lanes, bytesPerRow: columns.count * channels)
    mixedLanes = try PixelRows(rows: ResizedRows.lanes, bytesPerRow: columns.count * channels)
    resultLanes = try PixelRows(rows: ResizedRows.lanes, bytesPerRow: width * channels)
    result = try PixelRows(rows: ResizedRows.lanes, bytesPerRow: width * channels)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    var written = 0
    while written < count {
      if rowsDone == rowsReady { try mixBlock() }
      let first = rowsDone % ResizedRows.lanes
      let step = min(count - written, rowsReady - rowsDone)
      let from = result.bytes(ResizedRows.lanes)[first * header.bytesPerRow..<(first + step) * header.bytesPerRow]
      let to = rows[written * header.bytesPerRow..<(written + step) * header.bytesPerRow]
      UnsafeMutableRawBufferPointer(rebasing: to).copyMemory(from: .init(rebasing: from))
      written += step
      rowsDone += step
    }
  }

  private func mixBlock() throws(ConversionFailure) {
    let channels = header.channels
    let count = min(ResizedRows.lanes, header.height - rowsReady)
    let rowBytes = columns.count * channels
    guard let mixedStart = mixed.start, let lanesStart = mixedLanes.start, let resultStart = resultLanes.start,
      let outputStart = result.start
    else { return }
    for lane in 0..<count { try mixRow(rowsReady + lane, into: mixedStart + lane * rowBytes, rowBytes) }
    cimage_interleave(mixedStart, rowBytes, lanesStart)
    cimage_mix_columns(
      lanesStart, columns.count, channels, starts, across.counts, across.weights, across.taps, resultStart,
      header.width)
    cimage_separate(resultStart, header.bytesPerRow, outputStart)
    Premultiplication.undo(result.bytes(count), channels)
    rowsReady += count
  }

  private func mixRow(
    _ row: Int, into target: UnsafeMutablePointer<UInt8>, _ rowBytes: Int
  ) throws(ConversionFailure) {
    let (first, count) = (Int(down.starts[row]), Int(down.counts[row]))
    while rowsRead < first + count {
      let place = ring.row(rowsRead % ringSize)
      try source.read(1, into: place)
      Premultiplication.apply(place, header.channels)
      rowsRead += 1
    }
    let offset = columns.lowerBound * header.channels
    let rows = (first..<first + count).map { index in
      ring.start.map { UnsafePointer($0) + (index % ringSize) * ring.bytesPerRow + offset }
    }
    down.weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      cimage_mix_rows(rows, start + row * down.taps, count, target, rowBytes)
    }
  }
}
