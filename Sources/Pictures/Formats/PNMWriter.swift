import Formats

/// Writes Netpbm's formats as bytes: PGM for grey and PPM for colour, or PAM for either with or without alpha.
final class PNMWriter: PictureWriter {
  private let output: ByteOutput

  init(_ descriptor: Int32, _ header: PictureHeader, isPAM: Bool) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    try output.write(PNMWriter.text(header, isPAM))
  }

  /// The size of the whole file, in bytes.
  static func size(_ header: PictureHeader, isPAM: Bool) -> Int64 {
    Int64(text(header, isPAM).utf8.count) + Int64(header.bytesPerRow) * Int64(header.height)
  }

  /// What stands before the pixels.
  private static func text(_ header: PictureHeader, _ isPAM: Bool) -> String {
    let (width, height, channels) = (header.width, header.height, header.channels)
    guard isPAM else { return "P\(channels == 1 ? 5 : 6)\n\(width) \(height)\n255\n" }
    let kind = ["GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"][channels - 1]
    return "P7\nWIDTH \(width)\nHEIGHT \(height)\nDEPTH \(channels)\nMAXVAL 255\nTUPLTYPE \(kind)\nENDHDR\n"
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    try output.write(rows)
  }

  func finish() throws(ConversionFailure) -> Int64 { try output.finish() }
}
