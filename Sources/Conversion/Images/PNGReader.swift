import CImage

/// Reads a PNG through libpng; palettes, few bits and 16 bits come out as 8-bit samples.
final class PNGReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let input: ByteInput
  private let handle: OpaquePointer

  /// Reads everything before the pixels of the PNG that begins at `offset`.
  init(_ descriptor: Int32, offset: Int64 = 0) throws(ConversionFailure) {
    var opened: OpaquePointer?
    var header = cimage_header()
    try ImageCall.run(.png) { cimage_png_reader_open(descriptor, offset, &opened, &header, $0) }
    guard let opened else { throw ConversionFailure(.internalError, "no PNG reader") }
    handle = opened
    input = ByteInput(descriptor: descriptor, start: offset)
    self.header = PictureHeader(header)
  }

  deinit { cimage_png_reader_close(handle) }

  var profile: ColourProfile? {
    var count = 0
    let start = cimage_png_reader_profile(handle, &count)
    return ColourProfile(start, count: count)
  }

  func exif() throws(ConversionFailure) -> EXIF? { try PNGChunks.exif(in: input) }

  func dpi() throws(ConversionFailure) -> Int? { try PNGChunks.dpi(in: input) }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.png) { cimage_png_reader_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
    rowsDone += count
  }

  func finish() throws(ConversionFailure) {
    try ImageCall.run(.png) { cimage_png_reader_finish(handle, $0) }
  }
}
