import Formats
import Pictures

/// The options of PDF documents, whichever program does what they ask for.
extension ConversionOption {
  static let pages = ConversionOption(
    "pages", .text(valid: PageRanges.valid, passes: PageRanges.isOne), nil,
    "which pages of a PDF to keep or to convert, in this order")
  static let linearize = ConversionOption(
    "linearize", .flag, .flag(false), "lays a PDF out so that its first page shows before the rest has come")
  static let split = ConversionOption(
    "split", .flag, .flag(false), "makes a PDF of each page, or of each split_pages pages")
  static let splitPages = ConversionOption(
    "split_pages", .whole(1...10_000), .whole(1), "pages of each PDF that split makes")
  static let mergePages = ConversionOption(
    "merge_pages",
    .text(valid: "the pages of each file that is merged, with semicolons between, such as 1-3;1-z;2") {
      $0.utf8.count <= 4000
        && $0.split(separator: ";", omittingEmptySubsequences: false).map(String.init).allSatisfy(
          PageRanges.isOne)
    }, nil, "which pages of each file merge takes")
  static let rotatePages = ConversionOption(
    "rotate_pages", .text(valid: PageRanges.valid, passes: PageRanges.isOne), nil,
    "which pages of a PDF rotate turns, as they are numbered in what is made; else all")
  static let flatten = ConversionOption(
    "flatten", .flag, .flag(false), "makes what is filled into a PDF's forms, and its notes, a part of the pages")
  static let compact = ConversionOption(
    "compact", .flag, .flag(false), "packs a PDF as small as it goes without changing what it shows")
  static let optimizeImages = ConversionOption(
    "optimize_images", .flag, .flag(false), "codes the pictures of a PDF as JPEG where that is smaller")

  static let password = ConversionOption(
    "password", .password, nil, "opens PDF documents that are protected by a password")
  static let decrypt = ConversionOption(
    "decrypt", .flag, .flag(false), "takes the protection off a PDF, for which password is the one that it has")
  static let userPassword = ConversionOption(
    "user_password", .password, nil, "protects a PDF: asked for when it is opened (AES with 256 bits)")
  static let ownerPassword = ConversionOption(
    "owner_password", .password, nil, "protects a PDF: asked for when its protection is changed; else user_password")
  static let permitPrint = ConversionOption(
    "permit_print", .choice(["none", "low", "full"]), .word("full"),
    "how a PDF that is protected by owner_password may be printed")
  static let permitModify = ConversionOption(
    "permit_modify", .choice(["none", "assembly", "form", "annotate", "all"]), .word("all"),
    "what may be changed in a PDF that is protected by owner_password; each word stands for those before it, too")
  static let permitCopy = ConversionOption(
    "permit_copy", .flag, .flag(true), "whether text may be copied from a PDF that is protected by owner_password")
  static let permitAnnotate = ConversionOption(
    "permit_annotate", .flag, .flag(true), "whether notes may be added to a PDF that is protected by owner_password")

  static let stampText = ConversionOption(
    "stamp_text", .text(valid: StampText.valid) { StampText($0) != nil }, nil, "a line to write onto the pages of a PDF"
  )
  static let stampPosition = ConversionOption(
    "stamp_position", .choice(PagePlace.names), .word("center"), "where stamp_text stands on its page")
  static let stampSize = ConversionOption(
    "stamp_size", .whole(4...500), nil, "size of stamp_text in points; else as large as its page allows, up to 72")
  static let stampOpacity = ConversionOption(
    "stamp_opacity", .whole(1...100), .whole(30), "how much stamp_text covers what is below it, in percent")
  static let stampRotation = ConversionOption(
    "stamp_rotation", .whole(-180...180), .whole(0), "degrees to turn stamp_text clockwise")
  static let stampDiagonal = ConversionOption(
    "stamp_diagonal", .flag, .flag(false),
    "lets stamp_text rise from the lower left corner to the upper right one, in place of stamp_rotation")
  static let stampColour = ConversionOption(
    "stamp_colour", .colour, .colour(Colour(red: 128, green: 128, blue: 128)), "colour of stamp_text")
  static let stampPages = ConversionOption(
    "stamp_pages", .text(valid: PageRanges.valid, passes: PageRanges.isOne), nil,
    "which pages stamp_text or a watermark goes onto, as they are numbered in what is made; else all")
  static let stampBelow = ConversionOption(
    "stamp_below", .flag, .flag(false), "puts stamp_text or a watermark under what a page shows, not over it")
  static let pageNumbers = ConversionOption(
    "page_numbers", .flag, .flag(false), "writes its number onto each page of a PDF")
  static let pageNumberFormat = ConversionOption(
    "page_number_format", .choice(PageNumbering.formats.map(\.name)), .word("n"),
    "how page_numbers are written, where total is the last of them")
  static let pageNumberPosition = ConversionOption(
    "page_number_position", .choice(PagePlace.edges), .word("bottom-center"), "where page_numbers stand")
  static let firstNumber = ConversionOption(
    "first_number", .whole(0...1_000_000), .whole(1), "what page_numbers begin with")

  static let compress = ConversionOption(
    "compress", .choice(["none"] + PDFPress.levels.map(\.name)), .word("none"),
    "makes a PDF smaller at the cost of its pictures: for the screen with 72 pixels per inch, ebook 150, printer and "
      + "prepress 300")
  static let archival = ConversionOption(
    "pdfa", .choice(["none", "1b", "2b", "3b"]), .word("none"),
    "makes a PDF/A of that part, for archives; it has sRGB's colours and no protection")
  static let documentVersion = ConversionOption(
    "pdf_version", .choice(["1.3", "1.4", "1.5", "1.6", "1.7"]), nil, "version of PDF to write")

  static let layout = ConversionOption(
    "layout", .flag, .flag(false), "keeps the text of a PDF where it stands on its page, columns side by side")
  static let extractImages = ConversionOption(
    "extract_images", .flag, .flag(false), "takes the pictures out of a PDF, rather than pictures of its pages")
}
