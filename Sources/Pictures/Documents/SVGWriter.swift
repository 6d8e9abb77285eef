import Basics
import Formats

/// Wraps a picture in an SVG as Base64 text: the file is written as it is first, and then spread in place.
final class SVGWriter: PictureWriter {
  /// A multiple of three bytes, which are four characters.
  private static let chunk = 3 << 14

  private let descriptor: Int32
  private let header: PictureHeader
  private let inner: any PictureWriter
  private let mediaType: String

  /// `inner` writes the picture to the same file from its beginning.
  init(_ descriptor: Int32, _ header: PictureHeader, _ inner: any PictureWriter, _ mediaType: String) {
    self.descriptor = descriptor
    self.header = header
    self.inner = inner
    self.mediaType = mediaType
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    try inner.write(count, from: rows)
  }

  func finish() throws(ConversionFailure) -> Int64 {
    try SVGWriter.wrap(descriptor, size: try inner.finish(), (header.width, header.height), mediaType)
  }

  /// Turns a file of `size` bytes into the SVG that shows it; from its end, so that nothing is overwritten unread.
  static func wrap(
    _ descriptor: Int32, size: Int64, _ sides: (width: Int, height: Int), _ mediaType: String
  ) throws(ConversionFailure) -> Int64 {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="\(sides.width)" \
      height="\(sides.height)" viewBox="0 0 \(sides.width) \(sides.height)"><image width="\(sides.width)" \
      height="\(sides.height)" xlink:href="data:\(mediaType);base64,
      """
    let input = ByteInput(descriptor: descriptor)
    let start = Int64(head.utf8.count)
    let tail = ByteOutput(descriptor, offset: start + (size + 2) / 3 * 4)
    try tail.write("\"/></svg>\n")
    let end = try tail.finish()
    var chunks = (size + Int64(chunk) - 1) / Int64(chunk)
    while chunks > 0 {
      chunks -= 1
      let offset = chunks * Int64(chunk)
      let bytes = try input.bytes(at: offset, atMost: min(chunk, Int(size - offset)))
      let output = ByteOutput(descriptor, offset: start + offset / 3 * 4)
      try output.write(Base64.encode(bytes))
      _ = try output.finish()
    }
    let output = ByteOutput(descriptor)
    try output.write(head)
    _ = try output.finish()
    return end
  }
}
