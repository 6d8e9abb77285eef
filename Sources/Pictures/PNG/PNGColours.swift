import Formats

/// What the chunks cICP, sRGB, gAMA and cHRM say of a PNG's colours (PNG third edition, section 11.3.2).
enum PNGColours {
  /// Gamma this near to that of sRGB is taken for it, as most writers mean it.
  private static let usual = 43_000...48_000

  /// Nil for what a profile says, for sRGB where nothing says it in place of one, and for what cannot be told.
  static func meaning(in input: ByteInput, hasProfile: Bool) throws(ConversionFailure) -> ColourMeaning? {
    let chunks = try PNGChunks.beforeData(["cICP", "sRGB", "gAMA", "cHRM"], in: input)
    if let code = chunks["cICP"], code.count == 4, let meaning = coded(code) { return meaning }
    guard !hasProfile, chunks["sRGB"] == nil else { return nil }
    func number(_ bytes: [UInt8], _ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var meaning = ColourMeaning.sRGB
    if let bytes = chunks["cHRM"], bytes.count == 32 {
      func place(_ index: Int) -> (Double, Double) {
        (Double(number(bytes, index * 8)) / 100_000, Double(number(bytes, index * 8 + 4)) / 100_000)
      }
      let said = ColourMeaning.Primaries(red: place(1), green: place(2), blue: place(3), white: place(0))
      if !said.isLike(.sRGB) { meaning.primaries = said }
    }
    if let bytes = chunks["gAMA"], bytes.count == 4, (1000...10_000_000).contains(number(bytes, 0)) {
      let gamma = number(bytes, 0)
      // With other primaries the curve is meant as it is said.
      if !usual.contains(gamma) || meaning.primaries != .sRGB {
        meaning.curve = gamma == 100_000 ? .linear : .power(100_000 / Double(gamma))
      }
    }
    return meaning == .sRGB ? nil : meaning
  }

  /// Code points of ITU-T H.273; those for which light has to be mapped to another range are left as they are.
  private static func coded(_ code: [UInt8]) -> ColourMeaning? {
    let curves: [UInt8: ColourMeaning.Curve] = [
      1: .video, 4: .power(2.2), 5: .power(2.8), 6: .video, 8: .linear, 13: .sRGB, 14: .video, 15: .video,
    ]
    let white = ColourMeaning.Primaries.daylight
    let primaries: [UInt8: ColourMeaning.Primaries] = [
      1: .sRGB, 5: .init(red: (0.64, 0.33), green: (0.29, 0.6), blue: (0.15, 0.06), white: white),
      6: .init(red: (0.63, 0.34), green: (0.31, 0.595), blue: (0.155, 0.07), white: white),
      9: .init(red: (0.708, 0.292), green: (0.17, 0.797), blue: (0.131, 0.046), white: white),
      11: .init(red: (0.68, 0.32), green: (0.265, 0.69), blue: (0.15, 0.06), white: (0.314, 0.351)),
      12: .init(red: (0.68, 0.32), green: (0.265, 0.69), blue: (0.15, 0.06), white: white),
    ]
    guard code[2] == 0, code[3] == 1, let curve = curves[code[1]], let primaries = primaries[code[0]] else {
      return nil
    }
    return ColourMeaning(curve: curve, primaries: primaries)
  }
}
