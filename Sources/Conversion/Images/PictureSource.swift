import Basics

/// A format that pictures can be read from.
struct PictureSource {
  let format: Format
  let open: @Sendable (Int32, ConversionLimits) throws(ConversionFailure) -> any PictureReader

  /// The format of an open file; a declared one has been compared with the file before.
  static func find(_ declared: Format?, of file: Int32) throws(ConversionFailure) -> PictureSource {
    let type: SniffedType
    do throws(SystemFailure) {
      type = try Sniffer.type(ofFile: file)
    } catch {
      throw ConversionFailure(error)
    }
    let format = declared ?? type.format
    guard let source = all.first(where: { $0.format == format }) else {
      throw ConversionFailure(
        .unsupportedConversion, "the file is \(declared?.title ?? type.description), which cannot be read")
    }
    return source
  }

  static let all = [
    PictureSource(format: .png) { (input, limits) throws(ConversionFailure) in try PNGReader(input, limits.pngCodec) },
    PictureSource(format: .jpeg) { (input, _) throws(ConversionFailure) in try JPEGReader(input) },
    PictureSource(format: .bmp) { (input, limits) throws(ConversionFailure) in try BMPReader(input, limits) },
    PictureSource(format: .pnm) { (input, limits) throws(ConversionFailure) in try PNMReader(input, .pnm, limits) },
    PictureSource(format: .pam) { (input, limits) throws(ConversionFailure) in try PNMReader(input, .pam, limits) },
    PictureSource(format: .qoi) { (input, _) throws(ConversionFailure) in try QOIReader(input) },
    PictureSource(format: .tga) { (input, limits) throws(ConversionFailure) in try TGAReader(input, limits) },
    PictureSource(format: .ico) { (input, limits) throws(ConversionFailure) in try IconReader(input, .ico, limits) },
    PictureSource(format: .cur) { (input, limits) throws(ConversionFailure) in try IconReader(input, .cur, limits) },
  ]
}
