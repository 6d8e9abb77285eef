import Basics
import Formats
import Pictures

/// A page on paper, as the browser prints it.
enum PagePaper {
  private static let millimetresOfInch = 25.4
  private static let usualMargin = 10
  /// CSS pixels of an inch.
  private static let pixels = 96.0
  /// The longest side of a PDF page, in inches (ISO 32000-1, annex C.2).
  private static let longest = 200.0
  private static let pieceBytes: Int64 = 1 << 20

  /// Prints, and gives the bytes of the PDF in pieces.
  static func print(
    _ visitor: PageVisitor, _ take: ([UInt8]) throws(VisitTrouble) -> Void
  ) throws(VisitTrouble) {
    let order = try order(visitor)
    let answer: JSONValue
    do throws(VisitTrouble) { answer = try visitor.call("Page.printToPDF", order) } catch {
      guard case .refused(let words) = error, words.contains("range"), order["pageRanges"] != nil else { throw error }
      throw .failed(ConversionFailure(.pageFailed, "the web page has fewer pages on paper than pages asks for"))
    }
    guard let stream = answer["stream"]?.string else { throw .refused("no stream") }
    while true {
      let piece = try visitor.page.call(
        "IO.read", ["handle": .string(stream), "size": .integer(pieceBytes)], by: visitor.soon)
      guard let text = piece["data"]?.string else { throw .refused("no data") }
      guard let bytes = piece["base64Encoded"]?.boolean ?? false ? Base64.decode(text) : Array(text.utf8) else {
        throw .refused("no base64")
      }
      try take(bytes)
      if piece["eof"]?.boolean ?? true { break }
    }
    visitor.page.send("IO.close", ["handle": .string(stream)])
  }

  private static func order(_ visitor: PageVisitor) throws(VisitTrouble) -> [String: JSONValue] {
    let options = visitor.options
    func margin(_ side: ConversionOption) -> Double {
      (options.decimal(side) ?? Double(options.whole(.margin) ?? usualMargin)) / millimetresOfInch
    }
    let sides = (
      top: margin(.marginTop), right: margin(.marginRight), bottom: margin(.marginBottom), left: margin(.marginLeft)
    )
    var paper = size(options)
    let scale = options.decimal(.scale) ?? 1
    // What stays in place is printed on each page, as those want it who write for paper; on the web it is there once.
    if options.flag(.unstick), visitor.isRemote || options.flag(.singlePage) { try visitor.run(.unstick) }
    if options.flag(.singlePage) {
      try visitor.add("*{break-before:auto!important;break-after:auto!important;break-inside:auto!important}")
      paper = try onePage(
        visitor, paper, scale, horizontal: sides.left + sides.right, vertical: sides.top + sides.bottom)
    }
    if !options.flag(.cssPageSize) {
      // The browser would take at least the direction from the page's own.
      try visitor.add("@page{size:\(paper.width)in \(paper.height)in!important}")
    }
    guard sides.left + sides.right < paper.width, sides.top + sides.bottom < paper.height else {
      throw .failed(ConversionFailure(.pageFailed, "the margins leave nothing of the page"))
    }
    var order: [String: JSONValue] = [
      "transferMode": .string("ReturnAsStream"), "paperWidth": .number(paper.width),
      "paperHeight": .number(paper.height), "marginTop": .number(sides.top), "marginRight": .number(sides.right),
      "marginBottom": .number(sides.bottom), "marginLeft": .number(sides.left), "scale": .number(scale),
      "printBackground": .boolean(options.flag(.backgrounds)),
      "preferCSSPageSize": .boolean(options.flag(.cssPageSize)),
      "generateTaggedPDF": .boolean(options.flag(.tagged) || options.flag(.outline)),
      "generateDocumentOutline": .boolean(options.flag(.outline)),
    ]
    if let pages = options.word(.pages) { order["pageRanges"] = .string(try ranges(pages)) }
    let (header, footer) = (options.word(.headerHTML), options.word(.footerHTML))
    if header != nil || footer != nil {
      order["displayHeaderFooter"] = .boolean(true)
      // Without one of them the browser has its own, with the date and the address.
      order["headerTemplate"] = .string(header ?? "<span></span>")
      order["footerTemplate"] = .string(footer ?? "<span></span>")
    }
    return order
  }

  /// In inches.
  private static func size(_ options: ConversionOptions) -> (width: Double, height: Double) {
    let named = PaperSize.named(options.word(.pageSize)) ?? PaperSize.named("a4")
    var size = (width: (named?.width ?? 0) / 72, height: (named?.height ?? 0) / 72)
    if let width = options.decimal(.pageWidth) { size.width = width / millimetresOfInch }
    if let height = options.decimal(.pageHeight) { size.height = height / millimetresOfInch }
    let isWide = size.width > size.height
    switch options.word(.pageOrientation) {
    case "landscape" where !isWide, "portrait" where isWide: return (size.height, size.width)
    default: return size
    }
  }

  /// As wide as the paper, or as the window where nothing is said of paper, and as high as the page is then.
  private static func onePage(
    _ visitor: PageVisitor, _ paper: (width: Double, height: Double), _ scale: Double, horizontal: Double,
    vertical: Double
  ) throws(VisitTrouble) -> (width: Double, height: Double) {
    let options = visitor.options
    let isAsked = options.decimal(.pageWidth) != nil || options.word(.pageSize) != "auto"
    let width = isAsked ? paper.width : Double(visitor.width) / pixels * scale + horizontal
    let inner = max(1, (width - horizontal) * pixels / scale)
    // The page is laid out anew for the width that it is printed with.
    try visitor.resize(width: Int(inner.rounded()), height: visitor.height)
    try visitor.look()
    let height = Double(max(1, visitor.size.height)) * scale / pixels + vertical
    guard height <= longest else {
      throw .failed(
        ConversionFailure(
          .pageTooLarge,
          "the page is \(visitor.size.height) pixels high, which is more than one page of a PDF can be; try it with a smaller "
            + "scale or without single_page"))
    }
    // What rounding leaves over must not become a second page.
    return (width, min(longest, height + 1 / pixels))
  }

  /// The browser takes pages in their own order alone, and knows none from the end.
  private static func ranges(_ text: String) throws(VisitTrouble) -> String {
    guard !text.contains("r"), !text.contains("z") else {
      throw .failed(
        ConversionFailure(.pageFailed, "pages of a web page are counted from its first one, such as 1,3-5"))
    }
    for range in text.split(separator: ",") {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard ends.first ?? 1 <= ends.last ?? 1 else {
        throw .failed(ConversionFailure(.pageFailed, "pages of a web page go upwards, so \(range) is none"))
      }
    }
    return text
  }
}
