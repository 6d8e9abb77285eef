import Formats

/// A small picture in memory that is laid over others, at its size and opacity for one of them.
struct Watermark {
  /// Of four channels, whatever the file had.
  let header: PictureHeader
  /// False when red, green and blue of every pixel are the same.
  let hasColour: Bool
  let pixels: PixelRows
  /// What was wrong with the file, or is left out of it.
  let damage: Set<ConversionWarning>

  /// Reads a picture file whole, and makes it smaller when it would not fit `picture`.
  ///
  /// Its colours become those of the picture, which are sRGB's or what a profile that stays with it says.
  ///
  /// The file is under the same limits as a picture to convert; a failure names the watermark.
  init(
    _ file: Int32, on picture: PictureHeader, of colours: ProfileColours?, _ options: ConversionOptions,
    _ limits: ConversionLimits, maxPixels: Int?
  ) throws(ConversionFailure) {
    do {
      let reader = try PictureSource.find(nil, of: file).open(file, limits, options)
      try reader.header.check(limits, maxPixels: maxPixels)
      var rows = try Watermark.steps(reader, picture, options, limits)
      var warnings: Set<ConversionWarning> = []
      rows = try Watermark.recoloured(rows, reader, into: colours, &warnings)
      if options.flag(.grayscale), rows.header.channels >= 3 { rows = try RecolouredRows(rows, .toGrey) }
      hasColour = rows.header.channels >= 3
      rows = try RecolouredRows(rows, .toOpaque)
      header = rows.header
      pixels = try Watermark.read(rows, limits)
      if reader.rowsDone == reader.header.height { try reader.finish() }
      damage = reader.damage.union(warnings)
    } catch {
      throw ConversionFailure(error.code, "the watermark: \(error.message)")
    }
    Watermark.weaken(pixels.bytes(header.height), to: options.whole(.watermarkOpacity) ?? 100)
  }

  /// Turned as its EXIF says, and resized.
  private static func steps(
    _ reader: any PictureReader, _ picture: PictureHeader, _ options: ConversionOptions, _ limits: ConversionLimits
  ) throws(ConversionFailure) -> any RowSource {
    let orientation = reader.storedOrientation.then(try reader.exif()?.orientation ?? .upright)
    var plan = try PicturePlan(reader.header, orientation, ConversionOptions())
    plan.resize(
      to: sides(of: orientation.header(of: reader.header), on: picture, percent: options.whole(.watermarkScale)))
    return try plan.apply(to: reader, .lanczos3, memoryBytes: limits.memoryBytes)
  }

  /// As it looks, in the picture's colours.
  private static func recoloured(
    _ rows: any RowSource, _ reader: any PictureReader, into target: ProfileColours?,
    _ warnings: inout Set<ConversionWarning>
  ) throws(ConversionFailure) -> any RowSource {
    let meaning = try reader.colours()
    var own = meaning.flatMap { $0 == .sRGB ? nil : ProfileColours($0) }
    if meaning == nil, let profile = reader.profile {
      switch profile.meaning(channels: rows.header.channels) {
      case .standard: break
      case .colours(let colours): own = colours
      case .unknown: warnings.insert(.profileLeftOut)
      }
    }
    // What brings colour to grey makes its profile go.
    guard let target, rows.header.channels < 3 || !target.isGrey else {
      return own.map { StandardRows(rows, $0) } ?? rows
    }
    // In colours of a picture's own also grey may need three samples.
    let wide = rows.header.channels < 3 && !target.isGrey ? try RecolouredRows(rows, .toColour) : rows
    return StandardRows(wide, (own ?? .sRGB).ofThreeChannels, into: target.ofThreeChannels) ?? rows
  }

  /// The sides of a watermark for a picture: `percent` of the picture's width or its own, and never beyond the picture.
  static func sides(of own: PictureHeader, on picture: PictureHeader, percent: Int?) -> (width: Int, height: Int) {
    let (width, height) = (Double(own.width), Double(own.height))
    let most = min(Double(picture.width) / width, Double(picture.height) / height)
    let wanted = percent.map { Double(picture.width) * Double($0) / 100 / width } ?? 1
    let factor = min(wanted, most)
    func side(_ length: Double, _ room: Int) -> Int { min(room, max(1, Int((length * factor).rounded()))) }
    return (side(width, picture.width), side(height, picture.height))
  }

  private static func read(_ rows: any RowSource, _ limits: ConversionLimits) throws(ConversionFailure) -> PixelRows {
    let header = rows.header
    guard Int64(header.bytesPerRow * header.height) <= limits.memoryBytes / 4 * 3 else { throw .outOfMemory }
    let pixels = try PixelRows(rows: header.height, bytesPerRow: header.bytesPerRow)
    var done = 0
    while done < header.height {
      let count = min(PixelRows.bandRows, header.height - done)
      let bytes = pixels.bytes(done + count)[(done * header.bytesPerRow)...]
      try rows.read(count, into: .init(rebasing: bytes))
      done += count
    }
    return pixels
  }

  private static func weaken(_ pixels: UnsafeMutableRawBufferPointer, to percent: Int) {
    guard percent < 100 else { return }
    for alpha in stride(from: 3, to: pixels.count, by: 4) {
      pixels[alpha] = UInt8((Int(pixels[alpha]) * percent + 50) / 100)
    }
  }
}
