import Formats

extension DocumentConverter {
  var name: String { "built in" }

  private static let texts: [Format] = [.docx, .odt]
  private static let slides: [Format] = [.pptx, .odp]
  private static let sheets: [Format] = [.xlsx, .ods]

  /// Less than any program takes to read a document, and so much that no way over a text is cheaper than one that keeps
  /// the looks.
  private static let cost = 30
  /// Books have little more than text.
  private static let bookCost = 5

  var offers: [Offer] {
    DocumentConverter.offers(texts: DocumentConverter.texts, [], cost: DocumentConverter.cost)
      + DocumentConverter.offers(
        texts: DocumentConverter.slides, [DocumentConverter.notes, DocumentConverter.hidden],
        cost: DocumentConverter.cost)
      + DocumentConverter.offers(
        texts: DocumentConverter.sheets, [.sheet, DocumentConverter.hidden], cost: DocumentConverter.cost)
      + DocumentConverter.offers(texts: [.epub], [], cost: DocumentConverter.bookCost)
      + [
        Offer(
          from: DocumentConverter.texts + DocumentConverter.slides + [.epub], to: [.json],
          options: [DocumentConverter.properties], standsAlone: true),
        Offer(
          from: DocumentConverter.sheets, to: [.json],
          deed: .init(
            DocumentConverter.properties, targets: "the properties of a document are told as json", count: ""),
          standsAlone: true),
        Offer(
          from: DocumentConverter.texts + DocumentConverter.slides + DocumentConverter.sheets + [.epub],
          to: [.files], standsAlone: true),
      ]
  }

  private static func offers(texts: [Format], _ options: [ConversionOption], cost: Int) -> [Offer] {
    let isWorkbook = texts == sheets
    // A text that may be a table or something else is not taken for a table on the way over a workbook.
    return [
      Offer(
        from: texts, to: [.html], options: options + [MarkupConverter.fragment, MarkupConverter.title],
        standsAlone: isWorkbook, cost: cost),
      Offer(
        from: texts, to: [.md], options: options + (isWorkbook ? [] : [Pandoc.embedImages]), standsAlone: isWorkbook,
        cost: cost),
      Offer(from: texts, to: [.txt], options: options, standsAlone: isWorkbook, cost: cost),
    ]
  }

  static let hidden = ConversionOption(
    "hidden", .flag, .flag(false), "reads slides and sheets too that a document hides")
  static let notes = ConversionOption(
    "notes", .flag, .flag(true), "reads the speaker's notes of slides too, behind each")
  static let properties = ConversionOption(
    "properties", .flag, .flag(false),
    "tells title, author, dates and counts of a document; a workbook's cells are told without it")
}
