import DataFormats
import Documents
import Formats
import Pictures

/// Writes tables of text as HTML, Markdown and plain text.
struct TableConverter: Converter {
  let name = "built in"

  /// Less than any way over the pages of a PDF, and so much that a workbook becomes a text by its own reader.
  private static let cost = 30
  static let tables: [Format] = [.csv, .tsv]
  static let texts: [Format] = [.html, .md, .txt]

  var offers: [Offer] {
    // A text that may be a table or something else is not taken for a table on the way.
    let own: [ConversionOption] = [.delimiter, .encoding, DataConverter.header, DataConverter.quote]
    return [
      Offer(
        from: TableConverter.tables, to: [.html], options: own + [MarkupConverter.fragment, MarkupConverter.title],
        standsAlone: true, cost: TableConverter.cost),
      Offer(from: TableConverter.tables, to: [.md, .txt], options: own, standsAlone: true, cost: TableConverter.cost),
    ]
  }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let output = ByteOutput(files.output)
    let options = conversion.options
    do {
      let reader = try PageTextConverter.tableReader(conversion)
      let target: DocumentTarget =
        switch conversion.to {
        case .html: .html(isPage: !options.flag(MarkupConverter.fragment), title: options.word(MarkupConverter.title))
        case .md: .markdown
        default: .text
        }
      try target.write(
        reader, ByteFeed(descriptor: files.sources[0]), to: DataConverter.drain(to: output, limits))
    } catch {
      throw DataConverter.failure(error, (conversion.from ?? .csv).title, conversion.to.title)
    }
    return ConvertedFile(size: try DataConverter.finish(output))
  }
}
