import CImage

/// Reads a JPEG through libjpeg; grey stays grey and everything else comes out as RGB.
final class JPEGReader: PictureReader {
  let header: PictureHeader
  private let input: ByteInput
  private let handle: OpaquePointer

  /// Reads everything before the pixels.
  init(_ descriptor: Int32) throws(ConversionFailure) {
    var opened: OpaquePointer?
    var header = cimage_header()
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_open(descriptor, &opened, &header, $0) }
    guard let opened else { throw ConversionFailure(.internalError, "no JPEG reader") }
    handle = opened
    input = ByteInput(descriptor: descriptor)
    self.header = PictureHeader(header)
  }

  deinit { cimage_jpeg_reader_close(handle) }

  var profile: ColourProfile? {
    var count = 0
    let start = cimage_jpeg_reader_profile(handle, &count)
    return ColourProfile(start, count: count)
  }

  func exif() throws(ConversionFailure) -> ArraySlice<UInt8>? { try JPEGSegments.exif(in: input) }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
  }

  func finish() throws(ConversionFailure) {
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_finish(handle, $0) }
  }
}
