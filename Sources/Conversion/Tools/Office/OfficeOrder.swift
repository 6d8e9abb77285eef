import Formats

/// What LibreOffice is to make of one document, as rows for `OfficeMacro`: a word, a blank, and what it is about.
///
/// No text of a client's stands in it but the password, as the numbers of its characters.
struct OfficeOrder {
  private static let sampleBytes = 64 << 10
  /// As many columns as a sheet has by default.
  private static let mostColumns = 1024

  let application: OfficeApplication
  let task: ToolTask
  private let conversion: Conversion
  private let options: ConversionOptions

  init(_ task: ToolTask, by application: OfficeApplication) {
    self.application = application
    self.task = task
    conversion = task.conversion
    options = task.options
  }

  var bytes: [UInt8] {
    let rows =
      [("source", task.sources.first ?? ""), ("target", OfficeOrder.target(conversion.to))] + reading + writing
    return Array((rows + secret).map { "\($0.0) \($0.1)\n" }.joined().utf8)
  }

  static func target(_ format: Format) -> String { "out.\(format.fileExtension)" }

  private var secret: [(String, String)] {
    (options.secret(.officePassword) ?? "").utf16.map { ("secret", "\($0)") }
  }

  private var reading: [(String, String)] {
    guard let from = conversion.from, let filter = application.reads.first(where: { $0.format == from })?.filter else {
      return []
    }
    let sample = task.sources.first.flatMap { task.folder.bytes(of: $0, atMost: OfficeOrder.sampleBytes) } ?? []
    let encoding = asked ?? .likeliest(in: sample)
    switch from {
    case .txt: return [("reader", filter), ("reading", encoding.word)]
    case .csv, .tsv:
      let delimiter = from == .tsv ? Delimiter.tab : options.word(.delimiter).flatMap(Delimiter.init)
      let columns = options.flag(.asText) ? (1...OfficeOrder.mostColumns).map { "\($0)/2" }.joined(separator: "/") : ""
      // Separator, quote, encoding, first row, kinds of columns.
      let tokens = "\((delimiter ?? .likeliest(in: sample)).code),34,\(encoding.number),1,\(columns)"
      return [("reader", filter), ("reading", tokens)]
    default: return [("reader", filter)]
    }
  }

  /// The encoding of whichever side is a text.
  private var asked: OfficeEncoding? { options.word(.encoding).flatMap(OfficeEncoding.named) }

  private var writing: [(String, String)] {
    guard let filter = application.writes.first(where: { $0.format == conversion.to })?.filter else { return [] }
    let encoding = asked ?? .utf8
    switch conversion.to {
    case .pdf: return [("writer", filter)] + details
    // Encoding, line end, font, language, mark at the beginning.
    case .txt: return [("writer", filter), ("writing", "\(encoding.word),LF,,,false")]
    case .html: return [("writer", filter), ("writing", "EmbedImages")]
    case .csv, .tsv:
      let asked = options.word(.delimiter).flatMap(Delimiter.init) ?? .comma
      let delimiter = conversion.to == .tsv ? Delimiter.tab : asked
      let sheet = options.word(.sheet).flatMap(OfficeSheet.init)?.token ?? 0
      // Separator, quote, encoding, first row, columns, language, quotes around all texts, numbers as they are kept,
      // values as they show, formulas, without blanks, sheet.
      let tokens = "\(delimiter.code),34,\(encoding.number),1,,0,false,true,false,false,false,\(sheet)"
      return [("writer", filter), ("writing", tokens)]
    default: return [("writer", filter)]
    }
  }

  /// The settings of the filter for PDF.
  private var details: [(String, String)] {
    var rows: [(String, String)] = []
    if let part = options.word(.officePDFA), let number = part.first?.wholeNumberValue {
      rows.append(("number", "SelectPdfVersion \(number)"))
    }
    if let quality = options.whole(.imageQuality) {
      rows.append(quality == 100 ? ("true", "UseLosslessCompression") : ("number", "Quality \(quality)"))
    }
    if let dpi = options.word(.imageDPI) {
      rows += [("true", "ReduceImageResolution"), ("number", "MaxImageResolution \(dpi)")]
    }
    return rows + OfficeOrder.flags.filter { options.flag($0.option) }.map { ("true", $0.name) }
  }

  private static let flags: [(option: ConversionOption, name: String)] = [
    (.tagged, "UseTaggedPDF"), (.comments, "ExportNotes"), (.notesPages, "ExportNotesPages"),
    (.hiddenSlides, "ExportHiddenSlides"), (.singlePageSheets, "SinglePageSheets"),
  ]
}
