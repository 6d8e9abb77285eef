import Archives
import DataFormats
import Documents
import Formats

/// Makes workbooks of tables of text and of data.
struct WorkbookConverter: Converter {
  let name = "built in"

  /// Less than LibreOffice's, and so much that no workbook is made of another over a table.
  private static let cost = 35
  /// As many values as a table may have.
  private static let values = 5_000_000

  var offers: [Offer] {
    [
      Offer(
        from: [.csv], to: [.xlsx],
        options: [WorkbookConverter.sheetName, DataConverter.header, .asText, .delimiter, .encoding],
        cost: WorkbookConverter.cost),
      Offer(
        from: [.tsv], to: [.xlsx], options: [WorkbookConverter.sheetName, DataConverter.header, .asText, .encoding],
        cost: WorkbookConverter.cost),
      Offer(
        from: [.json, .ndjson], to: [.xlsx],
        options: [WorkbookConverter.sheetName, DataConverter.header, .asText], cost: WorkbookConverter.cost),
    ]
  }

  private static let sheetName = ConversionOption(
    "sheet_name",
    .text(valid: "up to 31 characters without [ ] : * ? / and \\") { name in
      (1...31).contains(name.utf16.count) && !name.contains { "[]:*?/\\".contains($0) }
    }, .word("Sheet1"), "what the sheet of a workbook is called")

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let options = conversion.options
    do {
      guard let from = conversion.from else {
        throw ConversionFailure(.unsupportedConversion, "the file holds no data")
      }
      var wishes = DataWorkbook.Options()
      wishes.sheetName = options.word(WorkbookConverter.sheetName) ?? wishes.sheetName
      wishes.hasHeader = options.flag(DataConverter.header)
      wishes.keepsTexts = options.flag(.asText)
      wishes.findsTypes = from == .csv || from == .tsv
      var bounds = DataLimits()
      bounds.values = WorkbookConverter.values
      var tree = DataTree(limits: bounds)
      let feed = ByteFeed(descriptor: files.sources[0])
      try WorkbookConverter.read(feed, from, options, bounds, into: &tree)
      let output = try PackOutput(.zip, files.output)
      for part in try DataWorkbook.parts(of: tree.values, wishes) {
        try output.add(part.name, size: part.bytes.count, at: nil, from: ContentSource(part.bytes))
      }
      return ConvertedFile(size: try output.finish())
    } catch {
      throw DataConverter.failure(error, conversion.from?.title ?? "data", conversion.to.title)
    }
  }

  private static func read(
    _ feed: ByteFeed, _ format: Format, _ options: ConversionOptions, _ limits: DataLimits, into tree: inout DataTree
  ) throws {
    guard format == .csv || format == .tsv else {
      return try JSONDocumentReader(isLines: format == .ndjson, limits: limits).read(feed, into: &tree)
    }
    let data = try DataConverter.options(options)
    try CSVDocumentReader(
      delimiter: format == .tsv ? 0x09 : data.delimiter, encoding: data.encoding, hasHeader: data.header,
      limits: limits
    ).read(feed, into: &tree)
  }
}
