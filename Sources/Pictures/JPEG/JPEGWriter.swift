import CImage
import Formats

/// Writes a JPEG through libjpeg, of one grey or three colour channels.
final class JPEGWriter: PictureWriter {
  struct Settings {
    enum Subsampling: String {
      case coarse = "420"
      case medium = "422"
      case full = "444"
    }

    var quality = 85
    var subsampling = Subsampling.coarse
    var isProgressive = false

    var native: cimage_jpeg_settings {
      cimage_jpeg_settings(
        quality: Int32(quality), horizontal: subsampling == .full ? 1 : 2, vertical: subsampling == .coarse ? 2 : 1,
        is_progressive: isProgressive)
    }
  }

  /// The library takes no longer side, though the format has room for 65,535.
  static let mostSide = 65_500
  /// EXIF over this does not fit the one segment that it may have.
  static let mostEXIF = 65_527

  private let handle: OpaquePointer

  init(
    _ descriptor: Int32, _ header: PictureHeader, _ settings: Settings, _ attachments: PictureAttachments = .none
  ) throws(ConversionFailure) {
    var opened: OpaquePointer?
    var attachments = attachments
    if let exif = attachments.exif, exif.bytes.count > JPEGWriter.mostEXIF { attachments.exif = nil }
    try ImageCall.run(.jpeg) { failure in
      attachments.withNative {
        cimage_jpeg_writer_open(descriptor, 0, header.native, settings.native, $0, &opened, failure)
      }
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
