import Archives
import Formats
import Pictures

/// Gives what is in a gzip file, when that is what was asked for.
struct UnpackConverter: Converter {
  /// What files are compressed that way as.
  private static let formats: [Format] = [.json, .ndjson, .csv, .tsv, .xml, .yaml, .toml, .txt, .html, .md, .svg]

  let name = "built in"

  var offers: [Offer] { [Offer(from: [.gz], to: UnpackConverter.formats, standsAlone: true)] }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let output = ByteOutput(files.output)
    do {
      let sample = try GZIPSource(FileSource(files.sources[0])).forEachPieceSampled { try output.write($0) }
      let type = Sniffer.type(of: sample)
      guard type.may(be: conversion.to) else {
        throw ConversionFailure(
          .unsupportedConversion, "what is in the file is \(type.description), and not \(conversion.to.title)")
      }
    } catch {
      throw OpenArchive.failure(error, Format.gz.title)
    }
    return ConvertedFile(size: try output.finish())
  }
}
