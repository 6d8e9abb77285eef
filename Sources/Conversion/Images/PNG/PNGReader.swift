import CImage

/// Reads a PNG; palettes, few bits and 16 bits come out as 8-bit samples.
///
/// libpng reads everything before the pixels. Those of plain pictures are read by `PNGRowDecoder`, until it meets
/// something that it does not take: then libpng reads them all, and what it says counts.
final class PNGReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let input: ByteInput
  private let handle: OpaquePointer
  private var decoder: PNGRowDecoder?
  private let codec: PNGCodec
  private var thread: SecondThread?
  /// How many rows libpng has read.
  private var libraryRows = 0

  /// Reads everything before the pixels of the PNG that begins at `offset`.
  init(_ descriptor: Int32, offset: Int64 = 0, _ codec: PNGCodec = .fast) throws(ConversionFailure) {
    var opened: OpaquePointer?
    var header = cimage_header()
    try ImageCall.run(.png) { cimage_png_reader_open(descriptor, offset, &opened, &header, $0) }
    guard let opened else { throw ConversionFailure(.internalError, "no PNG reader") }
    handle = opened
    input = ByteInput(descriptor: descriptor, start: offset)
    self.header = PictureHeader(header)
    self.codec = codec
  }

  deinit { cimage_png_reader_close(handle) }

  /// True while everything that was read came from our own decoder.
  var isOwnDecoder: Bool { decoder != nil }

  func readAhead(on thread: SecondThread) -> Bool {
    guard layout != nil else { return false }
    self.thread = thread
    return true
  }

  var profile: ColourProfile? {
    var count = 0
    let start = cimage_png_reader_profile(handle, &count)
    return ColourProfile(start, count: count)
  }

  func colours() throws(ConversionFailure) -> ColourMeaning? { try PNGColours.meaning(in: input) }

  func exif() throws(ConversionFailure) -> EXIF? {
    try PNGChunks.exif(in: input)
  }

  func resolution() throws(ConversionFailure) -> Resolution? {
    if let resolution = try PNGChunks.resolution(in: input) { return resolution }
    return try exif()?.resolution
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    if rowsDone == 0 { decoder = try makeDecoder() }
    if let decoder {
      if try decoder.read(count, into: rows) {
        rowsDone += count
        return
      }
      try skipInLibrary()
    }
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try readInLibrary(count, bytes)
    rowsDone += count
  }

  func finish() throws(ConversionFailure) {
    if let decoder {
      if try decoder.finish() { return }
      try skipInLibrary()
    }
    try ImageCall.run(.png) { cimage_png_reader_finish(handle, $0) }
  }

  private func makeDecoder() throws(ConversionFailure) -> PNGRowDecoder? {
    guard let layout else { return nil }
    // The layout counts from the beginning of the whole file.
    return try PNGRowDecoder(ByteInput(descriptor: input.descriptor), header, layout, thread)
  }

  /// How our own decoder finds the pixels; nil when it is not to read them.
  private var layout: cimage_png_layout? {
    var layout = cimage_png_layout()
    return codec == .fast && cimage_png_reader_layout(handle, &layout) ? layout : nil
  }

  /// Lets libpng read again what has been handed out already.
  private func skipInLibrary() throws(ConversionFailure) {
    decoder = nil
    let row = try PixelRows(rows: 1, bytesPerRow: header.bytesPerRow)
    while libraryRows < rowsDone { try readInLibrary(1, row.bytes(1).assumingMemoryBound(to: UInt8.self)) }
  }

  private func readInLibrary(
    _ count: Int, _ rows: UnsafeMutableBufferPointer<UInt8>
  ) throws(ConversionFailure) {
    try ImageCall.run(.png) { cimage_png_reader_rows(handle, rows.baseAddress, rows.count, UInt32(count), $0) }
    libraryRows += count
  }
}
