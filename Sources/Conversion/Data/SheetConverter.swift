import Archives
import DataFormats
import Documents
import Formats
import Pictures

/// Reads the cells of workbooks as tables of text and as data.
struct SheetConverter: Converter {
  let name = "built in"

  /// As much less than LibreOffice's as lets no way over a table be cheaper than one that keeps the workbook.
  private static let cost = 11
  /// Data go on to other data, with the types that they have.
  private static let dataCost = 10

  var offers: [Offer] {
    let options = [ConversionOption.sheet, DocumentConverter.hidden]
    let sheets: [Format] = [.xlsx, .ods]
    return [
      Offer(from: sheets, to: [.csv], options: options + [.delimiter], cost: SheetConverter.cost),
      Offer(from: sheets, to: [.tsv], options: options, cost: SheetConverter.cost),
      Offer(from: sheets, to: [.json], options: options + [DataConverter.header], cost: SheetConverter.dataCost),
    ]
  }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    do {
      let document = try OfficeDocument(conversion, files.sources[0])
      let choice = OfficeDocument.sheet(conversion.options)
      if choice == .all, conversion.to != .json {
        return try SheetConverter.writeEach(document, conversion, files, limits)
      }
      let output = ByteOutput(files.output)
      let drain = DataConverter.drain(to: output, limits)
      let hidden = conversion.options.flag(DocumentConverter.hidden)
      if conversion.to == .json {
        var writer = JSONDocumentWriter(drain)
        try document.reader.tellSheets(
          choice, hasHeader: conversion.options.flag(DataConverter.header), showsHidden: hidden, to: &writer)
        try writer.finish()
        try drain.put(0x0A)
        try drain.flush()
      } else {
        let dialect = try SheetConverter.dialect(conversion)
        try document.reader.writeSheet(choice, dialect, showsHidden: hidden, to: drain)
      }
      return ConvertedFile(size: try DataConverter.finish(output))
    } catch {
      throw OfficeDocument.failure(error, conversion)
    }
  }

  private static func dialect(_ conversion: Conversion) throws -> CSVDialect {
    let data = try DataConverter.options(conversion.options)
    return CSVDialect(delimiter: conversion.to == .tsv ? 0x09 : data.delimiter ?? UInt8(ascii: ","))
  }

  /// Makes a file of each sheet.
  private static func writeEach(
    _ document: OfficeDocument, _ conversion: Conversion, _ files: ConversionFiles, _ limits: ConversionLimits
  ) throws -> ConvertedFile {
    let output = PartsOutput(files.output)
    let dialect = try dialect(conversion)
    var names = EntryNames()
    try document.reader.eachSheet(showsHidden: conversion.options.flag(DocumentConverter.hidden)) { sheet, write in
      var table: [UInt8] = []
      let drain = ByteDrain(atMost: Int(clamping: limits.maxOutputBytes)) { table += $0 }
      try write(dialect, drain)
      if table.isEmpty { table = [0x0A] }
      let name = String(sheet.name.map { $0 == "/" || $0 == "\\" ? "_" : $0 })
      try output.add(
        try names.take("\(name).\(conversion.to.fileExtension)", isFolder: false), from: ContentSource(table))
    }
    return try output.finish()
  }
}
