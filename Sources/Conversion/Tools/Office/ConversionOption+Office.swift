import Formats

/// The options of office documents.
extension ConversionOption {
  static let officePassword = ConversionOption(
    "password", .password, nil, "opens PDF documents that are protected by a password")
  static let officePDFA = ConversionOption(
    "pdfa", .choice(["none", "1b", "2b", "3b"]), .word("none"),
    "makes a PDF/A of that part, for archives; it has sRGB's colours and no protection")
  static let tagged = ConversionOption(
    "tagged", .flag, .flag(false), "tells in a PDF what is a heading, a list or a table, for those who hear it read")
  static let imageQuality = ConversionOption(
    "image_quality", .whole(1...100), nil,
    "how much the pictures of a document keep in its PDF, as JPEG; 100 keeps them whole, else 90")
  static let imageDPI = ConversionOption(
    "image_dpi", .choice(["75", "150", "300", "600", "1200"]), nil,
    "pixels per inch that the pictures of a document have at most in its PDF")
  static let comments = ConversionOption(
    "comments", .flag, .flag(false), "makes the comments of a document notes of its PDF")
  static let notesPages = ConversionOption(
    "notes_pages", .flag, .flag(false), "adds a page with the speaker's notes for each slide to a PDF")
  static let hiddenSlides = ConversionOption(
    "hidden_slides", .flag, .flag(false), "takes slides that a presentation hides into its PDF")
  static let singlePageSheets = ConversionOption(
    "single_page_sheets", .flag, .flag(false), "makes one page of each sheet, as large as it has to be")
  static let sheet = ConversionOption(
    "sheet", .text(valid: "the number or the name of a sheet, or all") { (1...100).contains($0.count) }, nil,
    "which sheet of a workbook is read; all makes a file of each; else the first, and all where they go into a text")
  static let delimiter = ConversionOption(
    "delimiter", .text(valid: "one character of ASCII, or comma, semicolon, tab, pipe") { Delimiter($0) != nil }, nil,
    "what stands between the values of a CSV; else told by what is read, and a comma in what is written")
  static let encoding = ConversionOption(
    "encoding", .choice(OfficeEncoding.all.map(\.name)), nil,
    "how the characters of a text or CSV are coded; else told by what is read, and UTF-8 in what is written")
  static let asText = ConversionOption(
    "as_text", .flag, .flag(false), "keeps every value of a CSV as it stands, though it looks like a number or a date")
}
