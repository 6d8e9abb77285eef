import Basics
import Formats

/// Compares two pictures as they are shown: all measures as JSON, or how far each sample is apart as a PNG.
struct ComparisonConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    guard files.sources.count == 2 else {
      throw ConversionFailure(.internalError, "two pictures are compared, not \(files.sources.count)")
    }
    let one = try Side(files.sources, 0, conversion, limits)
    let other = try Side(files.sources, 1, conversion, limits)
    let header = PictureHeader(width: one.rows.header.width, height: one.rows.header.height, channels: 3)
    let difference = conversion.to == .png ? try PNGWriter(files.output, header, .drawing) : nil
    let comparison = try PictureComparison(one.rows, other.rows, difference: difference, progress: progress)
    try one.finish()
    try other.finish()
    let size: Int64
    if let difference {
      size = try difference.finish()
    } else {
      let file = ByteOutput(files.output)
      try file.write(comparison.json.text + "\n")
      size = try file.finish()
    }
    return ConvertedFile(
      size: size, width: header.width, height: header.height, warnings: one.damage.union(other.damage))
  }

  /// One of the two pictures, turned upright unless that is not wanted.
  private struct Side {
    let rows: any RowSource
    private let reader: TolerantReader
    private let index: Int

    init(
      _ sources: [Int32], _ index: Int, _ conversion: Conversion, _ limits: ConversionLimits
    ) throws(ConversionFailure) {
      self.index = index
      do throws(ConversionFailure) {
        reader = try PictureSource.find(conversion.from, of: sources[index]).open(
          sources[index], limits, conversion.options)
        try reader.header.check(limits, maxPixels: conversion.maxPixels)
        var orientation = reader.storedOrientation
        if conversion.options.flag(.autoOrient), let asTaken = try reader.exif()?.orientation {
          orientation = orientation.then(asTaken)
        }
        let plan = try PicturePlan(reader.header, orientation, ConversionOptions())
        rows = try Numbered(plan.apply(to: reader, .lanczos3, memoryBytes: limits.memoryBytes), index)
      } catch {
        throw error.ofFile(index)
      }
    }

    var damage: Set<ConversionWarning> { reader.damage }

    func finish() throws(ConversionFailure) {
      do throws(ConversionFailure) {
        if reader.rowsDone == reader.header.height { try reader.finish() }
      } catch {
        throw error.ofFile(index)
      }
    }
  }

  /// Names the picture in what goes wrong with its rows.
  private final class Numbered: RowSource {
    let header: PictureHeader
    private let source: any RowSource
    private let index: Int

    init(_ source: any RowSource, _ index: Int) {
      self.source = source
      self.index = index
      header = source.header
    }

    func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
      do throws(ConversionFailure) {
        try source.read(count, into: rows)
      } catch {
        throw error.ofFile(index)
      }
    }
  }
}
