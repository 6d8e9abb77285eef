import Basics
import Formats
import Glibc

/// One picture on its way from a file through the steps that the options ask for into another file.
struct PictureWork {
  /// What the settings of a PNG are chosen by: about a tenth of a large photograph.
  static let sampleBytes = 4 << 20

  private let conversion: Conversion
  private let source: PictureSource
  private let target: PictureTarget
  private let limits: ConversionLimits
  private let input: Int32
  private let overlay: Int32?
  private let output: Int32
  private let document: PDFFile?

  /// With a document the picture becomes one more page of it, and the output is the document's.
  init(
    _ conversion: Conversion, _ limits: ConversionLimits, input: Int32, overlay: Int32?, output: Int32,
    document: PDFFile? = nil
  ) throws(ConversionFailure) {
    guard let target = PictureTarget.all.first(where: { $0.format == conversion.to }) else {
      throw ConversionFailure(.unsupportedConversion, "\(conversion.to.title) cannot be written")
    }
    self.conversion = conversion
    source = try PictureSource.find(conversion.from, of: input)
    self.target = target
    self.limits = limits
    self.input = input
    self.overlay = overlay
    self.output = output
    self.document = document
  }

  /// Reads the input and writes the output from their beginnings; can be run again with another quality.
  func run(quality: Int, progress: (Int) -> Void) throws(ConversionFailure) -> ConvertedFile {
    let reader = try source.open(input, limits, conversion.options)
    try reader.header.check(limits, maxPixels: conversion.maxPixels)
    let plan = try plan(reader)
    let colours = try reader.colours()
    var warnings: Set<ConversionWarning> = []
    let profile = colours == nil ? reader.profile : nil
    let isKept = target.holdsProfile && profile?.fits(channels: channels(of: reader.header)) ?? false
    var kept: ProfileColours?
    if isKept, case .colours(let own)? = profile?.meaning(channels: channels(of: reader.header)) { kept = own }
    let rows = try steps(reader, plan, colours, isKept ? nil : profile, kept, &warnings)
    if let size = target.size { try ConversionFailure.check(size(rows.header), atMost: limits.maxOutputBytes) }
    if document == nil { try clear() }
    // The second thread does one thing: what the reader gives it, or all before the writer.
    var thread = limits.thread
    if let own = thread, reader.header.isWorthTwoThreads, reader.readAhead(on: own) { thread = nil }
    if !rows.header.isWorthTwoThreads { thread = nil }
    let size = try write(
      rows, try attachments(reader, rows.header, isKept ? profile : nil, swapsSides: plan.turn.swapsSides, &warnings),
      quality, thread,
      progress)
    // Rows that nothing was made of are not decoded for the sake of finding damage in them.
    if reader.rowsDone == reader.header.height { try reader.finish() }
    return ConvertedFile(
      size: size, width: rows.header.width, height: rows.header.height, warnings: warnings.union(reader.damage))
  }

  private func clear() throws(ConversionFailure) {
    do throws(SystemFailure) {
      try check("ftruncate", "output") { ftruncate(output, 0) }
    } catch {
      throw ConversionFailure(error)
    }
  }

  private func plan(_ reader: any PictureReader) throws(ConversionFailure) -> PicturePlan {
    let options = conversion.options
    var orientation = reader.storedOrientation
    if options.flag(.autoOrient), let asTaken = try reader.exif()?.orientation {
      orientation = orientation.then(asTaken)
    }
    var plan = try PicturePlan(reader.header, orientation, options)
    plan.fit(target.mostSide)
    try plan.check(limits, maxPixels: conversion.maxPixels)
    try plan.check(target)
    return plan
  }

  /// What the options ask for, each step on top of the one before; `kept` are the colours that a profile tells which stays.
  private func steps(
    _ reader: any PictureReader, _ plan: PicturePlan, _ colours: ColourMeaning?, _ profile: ColourProfile?,
    _ kept: ProfileColours?, _ warnings: inout Set<ConversionWarning>
  ) throws(ConversionFailure) -> any RowSource {
    let options = conversion.options
    var rows = try plan.apply(
      to: reader, ResizeKernel(rawValue: options.word(.filter) ?? "") ?? .lanczos3, memoryBytes: limits.memoryBytes)
    if let colours, colours != .sRGB, let standard = StandardRows(rows, colours) { rows = standard }
    if let profile {
      switch profile.meaning(channels: rows.header.channels) {
      case .standard: break
      case .colours(let colours): rows = StandardRows(rows, colours)
      case .unknown: warnings.insert(.profileLeftOut)
      }
    }
    if options.flag(.grayscale), rows.header.channels >= 3 { rows = try RecolouredRows(rows, .toGrey) }
    if let adjustment = ColourAdjustment(options) { rows = AdjustedRows(rows, adjustment) }
    let background = options.colour(.background) ?? .white
    if let padding = plan.padding {
      if !background.isGrey, rows.header.channels < 3 { rows = try RecolouredRows(rows, .toColour) }
      rows = PaddedRows(rows, width: padding.width, height: padding.height, colour: background)
    }
    if let overlay { rows = try overlaid(rows, kept, overlay, &warnings) }
    return try fitChannels(rows, background)
  }

  /// How many channels are left once the picture is grey, as far as the options say so.
  private func channels(of header: PictureHeader) -> Int {
    conversion.options.flag(.grayscale) ? min(header.channels, 2) : header.channels
  }

  private func overlaid(
    _ rows: any RowSource, _ colours: ProfileColours?, _ overlay: Int32, _ warnings: inout Set<ConversionWarning>
  ) throws(ConversionFailure) -> any RowSource {
    let options = conversion.options
    let watermark = try Watermark(
      overlay, on: rows.header, of: colours, options, limits, maxPixels: conversion.maxPixels)
    warnings.formUnion(watermark.damage)
    let place = WatermarkPlace(options.word(.watermarkPosition) ?? "")
    let corner = place?.corner(of: watermark.header, on: rows.header, margin: options.whole(.watermarkMargin) ?? 0)
    var rows = rows
    if watermark.hasColour, rows.header.channels < 3 {
      // A profile of grey does not stay with colour.
      if let colours { rows = StandardRows(rows, colours) }
      rows = try RecolouredRows(rows, .toColour)
    }
    return OverlaidRows(rows, watermark, at: corner ?? (0, 0))
  }

  /// As few changes as the target's pixels need.
  private func fitChannels(_ rows: any RowSource, _ background: Colour) throws(ConversionFailure) -> any RowSource {
    var rows = rows
    let hasAlpha = rows.header.channels % 2 == 0
    if hasAlpha, !target.channels.contains(rows.header.channels) {
      if target.channels.contains(4) {
        rows = try RecolouredRows(rows, .toColour)
      } else if let mapping = RowMapping(flattening: rows.header.channels, over: background) {
        rows = try RecolouredRows(rows, .flatten(mapping))
      }
    }
    if target.channels == [4], rows.header.channels % 2 == 1 { return try RecolouredRows(rows, .toOpaque) }
    return target.channels.contains(rows.header.channels) ? rows : try RecolouredRows(rows, .toColour)
  }

  private func attachments(
    _ reader: any PictureReader, _ header: PictureHeader, _ profile: ColourProfile?, swapsSides: Bool,
    _ warnings: inout Set<ConversionWarning>
  ) throws(ConversionFailure) -> PictureAttachments {
    let options = conversion.options
    var attachments = PictureAttachments()
    if let profile {
      // Colour that was laid over grey has none; what could be applied has been.
      if profile.fits(channels: header.channels) {
        attachments.profile = profile
      } else if profile.meaning(channels: 1) == .unknown {
        warnings.insert(.profileLeftOut)
      }
    }
    attachments.resolution = options.whole(.dpi).map { Resolution(dpi: $0) }
    if attachments.resolution == nil, conversion.to == .pdf || !options.flag(.strip) {
      let stored = try reader.resolution()
      attachments.resolution = swapsSides ? stored?.swapped : stored
    }
    let keepsCopyright = options.word(.keep)?.split(separator: ",").contains("copyright") ?? false
    guard !options.flag(.strip) || keepsCopyright else { return attachments }
    attachments.notes = try notes(reader, &warnings)
    let exif = try reader.exif()
    if options.flag(.strip) {
      attachments.exif = exif?.copyright
      return attachments
    }
    attachments.exif = options.flag(.autoOrient) ? exif?.upright : exif
    if let resolution = attachments.resolution { attachments.exif = attachments.exif?.with(resolution) }
    return attachments
  }

  /// XMP, IPTC and texts in the target's own form, or nothing where it has none.
  private func notes(
    _ reader: any PictureReader, _ warnings: inout Set<ConversionWarning>
  ) throws(ConversionFailure) -> [UInt8] {
    guard [.jpeg, .png].contains(conversion.to) else { return [] }
    let options = conversion.options
    var notes = try reader.notes()
    if options.flag(.strip) { notes = notes.copyright }
    if options.flag(.autoOrient) { notes = notes.upright }
    if conversion.to == .png { return notes.chunks }
    let (bytes, isWhole) = notes.segments
    if !isWhole { warnings.insert(.metadataLeftOut) }
    return bytes
  }

  private func write(
    _ rows: any RowSource, _ attachments: PictureAttachments, _ quality: Int, _ thread: SecondThread?,
    _ progress: (Int) -> Void
  ) throws(ConversionFailure) -> Int64 {
    let header = rows.header
    // The first band comes before the writer, which chooses its settings by it.
    let first = min(
      header.height, max(PixelRows.bandRows, target.wantsSample ? PictureWork.sampleBytes / header.bytesPerRow : 0))
    let band = try PixelRows(rows: first, bytesPerRow: header.bytesPerRow)
    try rows.read(first, into: band.bytes(first))
    let request = PictureTarget.Request(
      output: output, document: document, header: header, sample: .init(band.bytes(first)), attachments: attachments,
      options: conversion.options, quality: quality, pngCodec: limits.pngCodec,
      mostBytes: limits.maxOutputBytes)
    let writer = try target.create(request)
    var ahead: RowsAhead?
    if let thread { ahead = try RowsAhead(rows, band, first, for: writer, thread) }
    var done = ahead?.start ?? first
    try writer.write(done, from: .init(band.bytes(done)))
    while done < header.height {
      progress(done * 100 / header.height)
      if let ahead {
        done += try ahead.write()
        continue
      }
      let count = min(PixelRows.bandRows, first, header.height - done)
      try rows.read(count, into: band.bytes(count))
      try writer.write(count, from: .init(band.bytes(count)))
      done += count
    }
    ahead?.end()
    progress(100)
    return try writer.finish()
  }
}
