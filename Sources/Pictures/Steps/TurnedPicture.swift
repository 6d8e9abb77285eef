import Formats

/// A picture that is held in memory because its rows come out in another order than they come in.
final class TurnedPicture: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  private let orientation: Orientation
  private var picture: PixelRows?
  private let memoryBytes: Int64
  private var rowsDone = 0

  /// Reads nothing yet; `memoryBytes` is what the whole conversion may use.
  init(_ source: any RowSource, _ orientation: Orientation, memoryBytes: Int64) {
    self.source = source
    self.orientation = orientation
    self.memoryBytes = memoryBytes
    header = orientation.header(of: source.header)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    if picture == nil { picture = try load() }
    guard let picture else { return }
    let bytes = picture.bytes(header.height)
    rows.copyMemory(
      from: .init(rebasing: bytes[rowsDone * header.bytesPerRow..<(rowsDone + count) * header.bytesPerRow]))
    rowsDone += count
  }

  private func load() throws(ConversionFailure) -> PixelRows {
    let (pixels, overflows) = header.bytesPerRow.multipliedReportingOverflow(by: header.height)
    // The codecs and the bands need some too; the rest is the kernel's to refuse.
    guard !overflows, Int64(pixels) <= memoryBytes / 4 * 3 else { throw .outOfMemory }
    let picture = try PixelRows(rows: header.height, bytesPerRow: header.bytesPerRow)
    let from = source.header
    // As many rows as put whole cache lines of each target row in place at once.
    let bandRows = 64
    let band = try PixelRows(rows: bandRows, bytesPerRow: from.bytesPerRow)
    var row = 0
    while row < from.height {
      let count = min(bandRows, from.height - row)
      let bytes = band.bytes(count)
      try source.read(count, into: bytes)
      place(.init(bytes), row, count, into: picture.bytes(header.height))
      row += count
    }
    return picture
  }

  private func place(
    _ band: UnsafeRawBufferPointer, _ first: Int, _ count: Int, into picture: UnsafeMutableRawBufferPointer
  ) {
    switch header.channels {
    case 1: place(UInt8.self, band, first, count, into: picture)
    case 2: place((UInt8, UInt8).self, band, first, count, into: picture)
    case 3: place((UInt8, UInt8, UInt8).self, band, first, count, into: picture)
    default: place((UInt8, UInt8, UInt8, UInt8).self, band, first, count, into: picture)
    }
  }

  /// Puts each pixel of the band where it comes out: its offset is linear in both source coordinates.
  @inline(__always)
  private func place<Pixel>(
    _ type: Pixel.Type, _ band: UnsafeRawBufferPointer, _ first: Int, _ count: Int,
    into picture: UnsafeMutableRawBufferPointer
  ) {
    let (width, height) = (source.header.width, source.header.height)
    precondition(band.count >= count * width * MemoryLayout<Pixel>.size && first + count <= height)
    precondition(picture.count >= width * height * MemoryLayout<Pixel>.size)
    guard let from = band.baseAddress?.assumingMemoryBound(to: Pixel.self),
      let to = picture.baseAddress?.assumingMemoryBound(to: Pixel.self)
    else { return }
    let (origin, alongX, alongY) = orientation.places(width: width, height: height)
    guard orientation.swapsSides else {
      for y in 0..<count {
        var place = origin + (first + y) * alongY
        for x in 0..<width {
          to[place] = from[y * width + x]
          place += alongX
        }
      }
      return
    }
    for x in 0..<width {
      var place = origin + x * alongX + first * alongY
      for y in 0..<count {
        to[place] = from[y * width + x]
        place += alongY
      }
    }
  }
}

extension Orientation {
  /// Where the first source pixel goes and how far one step in each source direction moves, in target pixels.
  fileprivate func places(width: Int, height: Int) -> (origin: Int, alongX: Int, alongY: Int) {
    let (swaps, mirrorsX, mirrorsY) = steps
    let (targetWidth, targetHeight) = swaps ? (height, width) : (width, height)
    let origin = (mirrorsX ? targetWidth - 1 : 0) + (mirrorsY ? (targetHeight - 1) * targetWidth : 0)
    let alongX = mirrorsX ? -1 : 1
    let alongY = mirrorsY ? -targetWidth : targetWidth
    return swaps ? (origin, alongY, alongX) : (origin, alongX, alongY)
  }
}
