import Basics
import Formats

/// A format that pictures can be read from.
struct PictureSource {
  let format: Format
  private typealias Make =
    @Sendable (Int32, ConversionLimits, _ allowsDamage: Bool) throws(ConversionFailure) ->
    any PictureReader

  private let make: Make

  private init(format: Format, _ make: @escaping Make) {
    self.format = format
    self.make = make
  }

  /// Reads everything before the pixels.
  func open(
    _ input: Int32, _ limits: ConversionLimits, _ options: ConversionOptions
  ) throws(ConversionFailure) -> TolerantReader {
    let allowsDamage = options.flag(.allowDamaged)
    return TolerantReader(try make(input, limits, allowsDamage), allowsDamage: allowsDamage)
  }

  /// The format of an open file; a declared one has been compared with the file before.
  static func find(_ declared: Format?, of file: Int32) throws(ConversionFailure) -> PictureSource {
    let type: Sniffed
    do throws(SystemFailure) {
      type = try Sniffer.type(ofFile: file)
    } catch {
      throw ConversionFailure(error)
    }
    let format = declared ?? type.best
    guard let source = all.first(where: { $0.format == format }) else {
      throw ConversionFailure(
        .unsupportedConversion, "the file is \(declared?.title ?? type.description), which cannot be read")
    }
    return source
  }

  static let all = [
    PictureSource(format: .png) { (input, limits, allowsDamage) throws(ConversionFailure) in
      try PNGReader(input, limits.pngCodec, allowsDamage: allowsDamage)
    },
    PictureSource(format: .jpeg) { (input, _, allowsDamage) throws(ConversionFailure) in
      try JPEGReader(input, allowsDamage: allowsDamage)
    },
    PictureSource(format: .bmp) { (input, limits, allowsDamage) throws(ConversionFailure) in
      try BMPReader(input, limits, allowsDamage: allowsDamage)
    },
    PictureSource(format: .pnm) { (input, limits, _) throws(ConversionFailure) in try PNMReader(input, .pnm, limits) },
    PictureSource(format: .pam) { (input, limits, _) throws(ConversionFailure) in try PNMReader(input, .pam, limits) },
    PictureSource(format: .qoi) { (input, _, _) throws(ConversionFailure) in try QOIReader(input) },
    PictureSource(format: .tga) { (input, limits, _) throws(ConversionFailure) in try TGAReader(input, limits) },
    PictureSource(format: .ico) { (input, limits, allowsDamage) throws(ConversionFailure) in
      try IconReader(input, .ico, limits, allowsDamage: allowsDamage)
    },
    PictureSource(format: .cur) { (input, limits, allowsDamage) throws(ConversionFailure) in
      try IconReader(input, .cur, limits, allowsDamage: allowsDamage)
    },
  ]
}
