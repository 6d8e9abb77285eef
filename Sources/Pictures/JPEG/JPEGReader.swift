import CImage
import Formats

/// Reads a JPEG through libjpeg; grey stays grey and everything else comes out as RGB.
final class JPEGReader: PictureReader {
  private(set) var header: PictureHeader
  private(set) var rowsDone = 0
  private let input: ByteInput
  private let handle: OpaquePointer

  /// Reads everything before the pixels.
  init(_ descriptor: Int32, allowsDamage: Bool = false) throws(ConversionFailure) {
    var opened: OpaquePointer?
    var header = cimage_header()
    let patience = allowsDamage ? CIMAGE_ALL_THERE_IS : CIMAGE_LENIENT
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_open(descriptor, patience, &opened, &header, $0) }
    guard let opened else { throw ConversionFailure(.internalError, "no JPEG reader") }
    handle = opened
    input = ByteInput(descriptor: descriptor)
    self.header = PictureHeader(header)
  }

  deinit { cimage_jpeg_reader_close(handle) }

  var profile: ColourProfile? {
    try? JPEGSegments.profile(in: input)
  }

  func exif() throws(ConversionFailure) -> EXIF? { try JPEGSegments.exif(in: input) }

  func notes() throws(ConversionFailure) -> PictureNotes { try PictureNotes(jpeg: input) }

  func resolution() throws(ConversionFailure) -> Resolution? {
    if let resolution = try JPEGSegments.resolution(in: input) { return resolution }
    return try exif()?.resolution
  }

  func shrink(atMost factor: Double) throws(ConversionFailure) -> Int {
    let denominator = factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1
    guard denominator > 1 else { return 1 }
    var header = cimage_header()
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_scale(handle, UInt32(denominator), &header, $0) }
    self.header = PictureHeader(header)
    return denominator
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_rows(handle, bytes.baseAddress, bytes.count, UInt32(count), $0) }
    rowsDone += count
  }

  var damage: Set<ConversionWarning> { ImageCall.warnings(cimage_jpeg_reader_damage(handle)) }

  func finish() throws(ConversionFailure) {
    try ImageCall.run(.jpeg) { cimage_jpeg_reader_finish(handle, $0) }
  }
}
