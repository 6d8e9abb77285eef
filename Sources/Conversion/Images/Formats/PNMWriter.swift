/// Writes Netpbm's formats as bytes: PGM for grey and PPM for colour, or PAM for either with or without alpha.
final class PNMWriter: PictureWriter {
  private let output: ByteOutput

  init(_ descriptor: Int32, _ header: PictureHeader, isPAM: Bool) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    let (width, height, channels) = (header.width, header.height, header.channels)
    if isPAM {
      let kind = ["GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"][channels - 1]
      try output.write(
        "P7\nWIDTH \(width)\nHEIGHT \(height)\nDEPTH \(channels)\nMAXVAL 255\nTUPLTYPE \(kind)\nENDHDR\n")
    } else {
      try output.write("P\(channels == 1 ? 5 : 6)\n\(width) \(height)\n255\n")
    }
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    try output.write(rows)
  }

  func finish() throws(ConversionFailure) -> Int64 { try output.finish() }
}
