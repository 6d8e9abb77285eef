import CImage

/// Writes a PNG through libpng with settings for what the picture looks like.
final class PNGWriter: PictureWriter {
  /// What decides how the pixels are compressed.
  enum Content {
    case photograph, drawing

    var settings: cimage_png_settings {
      switch self {
      case .photograph: cimage_png_photograph
      case .drawing: cimage_png_drawing
      }
    }
  }

  private let handle: OpaquePointer

  init(
    _ descriptor: Int32, _ header: PictureHeader, _ content: Content, profile: ColourProfile?
  ) throws(ConversionFailure) {
    var opened: OpaquePointer?
    let bytes = profile?.bytes
    try ImageCall.run(.png) {
      cimage_png_writer_open(descriptor, header.native, content.settings, bytes, bytes?.count ?? 0, &opened, $0)
    }
    guard let opened else { throw ConversionFailure(.internalError, "no PNG writer") }
    handle = opened
  }

  deinit { cimage_png_writer_close(handle) }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.png) { cimage_png_writer_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
  }

  func finish() throws(ConversionFailure) -> Int64 {
    var size: UInt64 = 0
    try ImageCall.run(.png) { cimage_png_writer_finish(handle, &size, $0) }
    return Int64(size)
  }
}
