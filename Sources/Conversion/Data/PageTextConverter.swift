import Basics
import DataFormats
import Formats
import Markup
import Pictures
import Typesetting

/// Sets text, Markdown and tables on the pages of a PDF, as far as the fonts go that every viewer has.
struct PageTextConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let source = files.sources[0]
    let format = conversion.from ?? .txt
    let most = limits.maxOutputBytes
    var written: Int64 = 0
    let output = ByteOutput(files.output) { (bytes) throws(ConversionFailure) in
      written += bytes
      guard written <= most else { throw .overLimit }
    }
    let style = PageTextConverter.style(conversion.options)
    do {
      let feed = ByteFeed(descriptor: source)
      let size =
        switch format {
        case .md: try PageTextConverter.writeMarkdown(feed, conversion.options, style, to: output)
        case .csv, .tsv:
          try TablePages.write(
            feed, try PageTextConverter.tableReader(conversion), hasHead: conversion.options.flag(DataConverter.header),
            style, to: output)
        default: try PageTextConverter.writeText(feed, conversion.options, style, to: output)
        }
      return ConvertedFile(size: size)
    } catch let missing as MissingCharacter {
      throw ConversionFailure(
        .unsupportedConversion,
        "the text has a character that the standard fonts of PDF lack: \(missing.description); LibreOffice sets such text, "
          + "where a server has it",
        isOfMaker: true)
    } catch let fault as DataFault where fault.kind == .unsupported {
      let failure = DataConverter.failure(fault, format.title, conversion.to.title)
      throw ConversionFailure(failure.code, failure.message, isOfMaker: true)
    } catch {
      throw DataConverter.failure(error, format.title, conversion.to.title)
    }
  }

  private static func writeMarkdown(
    _ feed: ByteFeed, _ options: ConversionOptions, _ style: PageStyle, to output: ByteOutput
  ) throws -> Int64 {
    try MarkdownPages.write(try MarkupConverter.document(feed, options), style, to: output)
  }

  /// Reads a table of text as the options of a conversion say.
  static func tableReader(_ conversion: Conversion) throws -> CSVDocumentReader {
    let data = try DataConverter.options(conversion.options)
    return CSVDocumentReader(
      delimiter: data.delimiter ?? (conversion.from == .tsv ? UInt8(ascii: "\t") : nil), quote: data.quote,
      encoding: data.encoding, hasHeader: data.header)
  }

  private static func writeText(
    _ feed: ByteFeed, _ options: ConversionOptions, _ style: PageStyle, to output: ByteOutput
  ) throws -> Int64 {
    let encoding = try DataConverter.options(options).encoding
    return try TextPages.write(try TextEncoding.decode(feed, from: encoding), style, to: output)
  }
}
