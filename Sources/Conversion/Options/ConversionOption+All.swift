/// Every option there is: the one list behind parsing, refusals, `wonder formats` and the documentation.
extension ConversionOption {
  static let autoOrient = ConversionOption(
    "auto_orient", .flag, .flag(true), "turns the picture as its EXIF orientation says")
  static let background = ConversionOption(
    "background", .colour, .colour(.white), "what shows through transparent pixels in a target without transparency")
  static let quality = ConversionOption("quality", .whole(1...100), .whole(85), "how much a JPEG keeps")

  /// In the order of their names.
  package static let all = [autoOrient, background, quality]

  package static func named(_ name: String) -> ConversionOption? { all.first { $0.name == name } }
}
