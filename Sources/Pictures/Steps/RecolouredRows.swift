import Formats

/// Changes how many channels a picture has: grey to colour, colour to grey, alpha laid over a background.
final class RecolouredRows: RowSource {
  enum Change {
    case toGrey
    case toColour
    /// Colour, with alpha where there is none.
    case toOpaque
    case flatten(RowMapping)
  }

  let header: PictureHeader
  private let source: any RowSource
  private let change: Change
  private let band: PixelRows
  private static let bandRows = 32

  init(_ source: any RowSource, _ change: Change) throws(ConversionFailure) {
    self.source = source
    self.change = change
    let from = source.header
    let channels =
      switch change {
      case .toGrey: from.channels == 4 ? 2 : 1
      case .toColour: from.channels == 2 ? 4 : 3
      case .toOpaque: 4
      case .flatten(let mapping): mapping.target
      }
    header = PictureHeader(width: from.width, height: from.height, channels: channels)
    band = try PixelRows(rows: RecolouredRows.bandRows, bytesPerRow: from.bytesPerRow)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    var done = 0
    while done < count {
      let step = min(RecolouredRows.bandRows, count - done)
      let bytes = band.bytes(step)
      try source.read(step, into: bytes)
      let target = rows[done * header.bytesPerRow..<(done + step) * header.bytesPerRow]
      apply(step * header.width, .init(bytes), .init(rebasing: target))
      done += step
    }
  }

  private func apply(_ count: Int, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
    if case .flatten(let mapping) = change { return mapping.apply(count, from: input, to: output) }
    let (source, target) = (self.source.header.channels, header.channels)
    precondition(input.count >= count * source && output.count >= count * target)
    guard count > 0, var from = input.baseAddress?.assumingMemoryBound(to: UInt8.self),
      var to = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    let hasAlpha = source == 2 || source == 4
    for _ in 0..<count {
      if target < 3 {
        // ITU-R BT.601 luma in 16-bit fractions.
        let sum = UInt32(from[0]) &* 19_595 &+ UInt32(from[1]) &* 38_470 &+ UInt32(from[2]) &* 7_471
        to[0] = UInt8(truncatingIfNeeded: (sum &+ 0x8000) >> 16)
      } else {
        to[0] = from[0]
        to[1] = from[source < 3 ? 0 : 1]
        to[2] = from[source < 3 ? 0 : 2]
      }
      if target == 2 || target == 4 { to[target - 1] = hasAlpha ? from[source - 1] : 255 }
      from += source
      to += target
    }
  }
}
