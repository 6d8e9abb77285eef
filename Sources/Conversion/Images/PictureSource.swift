/// A format that pictures can be read from.
struct PictureSource {
  let format: Format
  let open: @Sendable (Int32, ConversionLimits) throws(ConversionFailure) -> any PictureReader

  static let all = [
    PictureSource(format: .png) { (input, _) throws(ConversionFailure) in try PNGReader(input) },
    PictureSource(format: .jpeg) { (input, _) throws(ConversionFailure) in try JPEGReader(input) },
  ]
}
