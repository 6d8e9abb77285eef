import CImage
import Formats

/// Writes a PNG in the way that suits what the picture looks like.
///
/// libpng writes what stands before the pixels, and those of drawings; photographs go through `PNGRowEncoder`.
final class PNGWriter: PictureWriter {
  /// What decides how the pixels are compressed.
  enum Content {
    case photograph, drawing

    /// `level` is zlib's, where a client asked for one.
    func settings(level: Int?) -> cimage_png_settings {
      var settings = self == .photograph ? cimage_png_photograph : cimage_png_drawing
      guard let level else { return settings }
      settings.level = Int32(level)
      // Who asks for a long search wants it to be one.
      if level > 1 { settings.strategy = 0 }
      if level > 3, self == .photograph { settings.filters = cimage_png_all_filters }
      return settings
    }
  }

  private let handle: OpaquePointer
  private let encoder: PNGRowEncoder?

  init(
    _ descriptor: Int32, offset: Int64 = 0, _ header: PictureHeader, _ content: Content, level: Int? = nil,
    _ attachments: PictureAttachments = .none, codec: PNGCodec = .fast
  ) throws(ConversionFailure) {
    // Who asks for a level wants zlib's.
    let isOwn = codec == .fast && content == .photograph && level == nil
    encoder = isOwn ? try PNGRowEncoder(header) : nil
    var opened: OpaquePointer?
    try ImageCall.run(.png) { failure in
      attachments.withNative {
        cimage_png_writer_open(
          descriptor, offset, header.native, content.settings(level: level), $0, &opened, failure)
      }
    }
    guard let opened else { throw ConversionFailure(.internalError, "no PNG writer") }
    handle = opened
  }

  deinit { cimage_png_writer_close(handle) }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    if let encoder { return try encoder.add(count, rows, writeData) }
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.png) { cimage_png_writer_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
  }

  func preparation() throws(ConversionFailure) -> (any RowPreparation)? { try encoder?.preparation() }

  func write(_ count: Int, prepared band: UnsafeRawBufferPointer) throws(ConversionFailure) {
    guard let encoder else { throw ConversionFailure(.internalError, "no rows were to be prepared") }
    try encoder.add(count, prepared: band, writeData)
  }

  func finish() throws(ConversionFailure) -> Int64 {
    try encoder?.end(writeData)
    var size: UInt64 = 0
    try ImageCall.run(.png) { cimage_png_writer_finish(handle, &size, $0) }
    return Int64(size)
  }

  private func writeData(_ bytes: UnsafeBufferPointer<UInt8>) throws(ConversionFailure) {
    try ImageCall.run(.png) { cimage_png_writer_data(handle, bytes.baseAddress, bytes.count, $0) }
  }
}
