import CImage

/// Writes a baseline JPEG through libjpeg, of one grey or three colour channels.
final class JPEGWriter: PictureWriter {
  private let handle: OpaquePointer

  init(
    _ descriptor: Int32, _ header: PictureHeader, quality: Int, profile: ColourProfile?
  ) throws(ConversionFailure) {
    var opened: OpaquePointer?
    let bytes = profile?.bytes
    try ImageCall.run(.jpeg) {
      cimage_jpeg_writer_open(descriptor, header.native, Int32(quality), bytes, bytes?.count ?? 0, &opened, $0)
    }
    guard let opened else { throw ConversionFailure(.internalError, "no JPEG writer") }
    handle = opened
  }

  deinit { cimage_jpeg_writer_close(handle) }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.jpeg) { cimage_jpeg_writer_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
  }

  func finish() throws(ConversionFailure) -> Int64 {
    var size: UInt64 = 0
    try ImageCall.run(.jpeg) { cimage_jpeg_writer_finish(handle, &size, $0) }
    return Int64(size)
  }
}
