/// Converts between PNG and JPEG, a band of rows at a time, so that memory does not grow with the picture.
struct ImageConverter: Converter {
  /// A multiple of the 16 rows that a JPEG is coded in; few enough to stay in the processor's cache.
  static let bandRows = 32

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, input: Int32, output: Int32, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let reader = try open(conversion.from, input)
    try reader.header.check(limits, maxPixels: conversion.maxPixels)
    let source = try oriented(reader, conversion.options, limits)
    let header = source.header

    let mapping =
      conversion.to == .jpeg
      ? RowMapping(flattening: header.channels, over: conversion.options.colour(.background) ?? .white) : nil
    let target = PictureHeader(
      width: header.width, height: header.height, channels: mapping?.target ?? header.channels)
    let rows = try PixelRows(rows: ImageConverter.bandRows, bytesPerRow: header.bytesPerRow)
    let mapped =
      mapping == nil ? rows : try PixelRows(rows: ImageConverter.bandRows, bytesPerRow: target.bytesPerRow)

    // The first band comes before the writer, which chooses its settings by it.
    var writer: (any PictureWriter)?
    var done = 0
    while done < header.height {
      let count = min(ImageConverter.bandRows, header.height - done)
      let band = rows.bytes(count)
      try source.read(count, into: band)
      let ready = mapped.bytes(count)
      mapping?.apply(count * header.width, from: .init(band), to: ready)
      if writer == nil { writer = try create(conversion, output, target, .init(ready), reader.profile) }
      try writer?.write(count, from: .init(ready))
      done += count
      progress(done * 100 / header.height)
    }
    try reader.finish()
    guard let size = try writer?.finish() else { throw ConversionFailure(.damagedFile, "the picture has no rows") }
    return ConvertedFile(size: size, width: header.width, height: header.height)
  }

  private func open(_ format: Format, _ input: Int32) throws(ConversionFailure) -> any PictureReader {
    switch format {
    case .png: try PNGReader(input)
    case .jpeg: try JPEGReader(input)
    default: throw ConversionFailure(.unsupportedConversion, "\(format.title) cannot be read")
    }
  }

  /// The picture as it was taken, by the file's own word.
  private func oriented(
    _ reader: any PictureReader, _ options: ConversionOptions, _ limits: ConversionLimits
  ) throws(ConversionFailure) -> any RowSource {
    guard options.flag(.autoOrient), let exif = try reader.exif(),
      let orientation = EXIF.orientation(in: exif), orientation != .upright
    else { return reader }
    return orientation.staysInRows
      ? MirroredRows(reader) : TurnedPicture(reader, orientation, memoryBytes: limits.memoryBytes)
  }

  private func create(
    _ conversion: Conversion, _ output: Int32, _ header: PictureHeader, _ sample: UnsafeRawBufferPointer,
    _ profile: ColourProfile?
  ) throws(ConversionFailure) -> any PictureWriter {
    let profile = profile.flatMap { $0.fits(channels: header.channels) ? $0 : nil }
    return switch conversion.to {
    case .png: try PNGWriter(output, header, Flatness.content(of: sample, header), profile: profile)
    case .jpeg: try JPEGWriter(output, header, quality: conversion.options.whole(.quality) ?? 85, profile: profile)
    default: throw ConversionFailure(.unsupportedConversion, "\(conversion.to.title) cannot be written")
    }
  }
}
