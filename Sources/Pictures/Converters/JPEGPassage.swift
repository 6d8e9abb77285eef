import Basics
import Formats
import Glibc

/// Puts a JPEG into a PDF or an SVG as it is coded, when nothing is to be done to its pixels.
struct JPEGPassage {
  private let conversion: Conversion
  private let input: ByteInput
  private let reader: TolerantReader
  private let frame: JPEGFrame
  private let turn: Orientation

  /// Nil when the picture has to be coded anew.
  init?(_ conversion: Conversion, _ limits: ConversionLimits, input: Int32) throws(ConversionFailure) {
    let source = try PictureSource.find(conversion.from, of: input)
    guard source.format == .jpeg, [.pdf, .svg].contains(conversion.to),
      ConversionOption.changingPixels.allSatisfy({ conversion.options[$0] == $0.standard })
    else { return nil }
    // What is damaged is for others to read.
    reader = try source.open(input, limits, ConversionOptions())
    try reader.header.check(limits, maxPixels: conversion.maxPixels)
    self.conversion = conversion
    self.input = ByteInput(descriptor: input)
    guard let frame = try JPEGFrame(in: self.input), frame.isCommon, frame.width == reader.header.width,
      frame.height == reader.header.height
    else { return nil }
    self.frame = frame
    turn = conversion.options.flag(.autoOrient) ? try reader.exif()?.orientation ?? .upright : .upright
    // A browser would need a turn of its own, and shows no ink.
    if conversion.to == .svg, turn != .upright || frame.components == 4 { return nil }
    if conversion.options.flag(.allowDamaged) {
      do throws(ConversionFailure) { try check { _ in } } catch {
        guard error.code == .damagedFile else { throw error }
        return nil
      }
    }
  }

  var damage: Set<ConversionWarning> { reader.damage }

  func run(output: Int32, progress: (Int) -> Void) throws(ConversionFailure) -> ConvertedFile {
    if conversion.to == .pdf {
      let document = try PDFFile(output)
      let page = try add(to: document, progress: progress)
      return ConvertedFile(size: try document.finish(), width: page.width, height: page.height, warnings: damage)
    }
    try check(progress)
    return ConvertedFile(
      size: try writeSVG(output), width: reader.header.width, height: reader.header.height, warnings: damage)
  }

  /// Makes one more page of a document; returns the sides of the picture as it is shown.
  func add(to document: PDFFile, progress: (Int) -> Void) throws(ConversionFailure) -> PictureHeader {
    try check(progress)
    try writePage(document)
    return turn.header(of: reader.header)
  }

  /// Decodes all pixels, so that a damaged picture fails here as it does everywhere else.
  private func check(_ progress: (Int) -> Void) throws(ConversionFailure) {
    let rows = try PixelRows(rows: PixelRows.bandRows, bytesPerRow: reader.header.bytesPerRow)
    // It may have been done already.
    var done = reader.rowsDone
    while done < reader.header.height {
      let count = min(PixelRows.bandRows, reader.header.height - done)
      try reader.read(count, into: rows.bytes(count))
      done += count
      progress(done * 100 / reader.header.height)
    }
    try reader.finish()
  }

  private func writePage(_ file: PDFFile) throws(ConversionFailure) {
    let space = try file.colourSpace(reader.profile, channels: frame.components)
    // Like every decoder here, ink is taken for inverted.
    let decode = frame.components == 4 ? " /Decode [1 0 1 0 1 0 1 0]" : ""
    try file.beginImage(
      reader.header, "/ColorSpace \(space) /Filter /DCTDecode\(decode)", hasMask: false)
    try copy { (bytes) throws(ConversionFailure) in try file.add(bytes) }
    try file.endStream()
    let sides = turn.header(of: reader.header)
    let resolution: Resolution?
    if let asked = conversion.options.whole(.dpi) {
      resolution = Resolution(dpi: asked)
    } else {
      let stored = try reader.resolution()
      resolution = turn.swapsSides ? stored?.swapped : stored
    }
    try file.endPage(PDFPage(sides: (sides.width, sides.height), resolution, conversion.options), turn)
  }

  /// A missing end mark is put in its place, so that whoever reads the copy finds nothing wrong with it.
  private func copy(_ take: (UnsafeRawBufferPointer) throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    try JPEGSegments.copy(input, take)
    guard damage.contains(.endMissing) else { return }
    let mark = try PixelRows(rows: 1, bytesPerRow: 2)
    (mark.bytes(1)[0], mark.bytes(1)[1]) = (0xFF, 0xD9)
    try take(.init(mark.bytes(1)))
  }

  private func writeSVG(_ output: Int32) throws(ConversionFailure) -> Int64 {
    let file = ByteOutput(output)
    try copy { (bytes) throws(ConversionFailure) in try file.write(bytes) }
    let size = try file.finish()
    return try SVGWriter.wrap(output, size: size, (reader.header.width, reader.header.height), Format.jpeg.mediaType)
  }
}
