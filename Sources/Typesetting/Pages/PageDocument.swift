import Basics
import Formats
import Pictures

/// A PDF of pages of text: what they show comes page by page, and what tells of all of them at the end.
final class PageDocument {
  let style: PageStyle
  private let objects: PDFObjects
  private let catalogue: Int
  private let pages: Int
  private let resources: Int
  private var pageNumbers: [Int] = []
  /// For each page the object that is written when the number of pages is known.
  private var footers: [Int] = []
  private var pictures: [Int] = []
  /// The number of each picture by what it was made of, for what stands in a text several times.
  private var pictureNumbers: [[UInt8]: Int] = [:]
  private var outline: [OutlineEntry] = []
  private var next: Int

  init(_ style: PageStyle, _ output: ByteOutput) throws(ConversionFailure) {
    self.style = style
    objects = try PDFObjects(output)
    catalogue = objects.reserve()
    pages = objects.reserve()
    resources = objects.reserve()
    next = objects.reserve()
  }

  var isEmpty: Bool { pageNumbers.isEmpty }

  /// The object that the next page will be.
  var nextPage: Int { next }

  func add(_ entry: OutlineEntry) { outline.append(entry) }

  /// Writes a picture; returns the number that `/Im` has for it.
  func add(_ picture: PDFPicture) throws(ConversionFailure) -> Int {
    let digest = SHA256.digest(picture.stream)
    if let number = pictureNumbers[digest] { return number }
    let object = objects.reserve()
    try objects.write(object, picture.entries, stream: picture.stream)
    pictures.append(object)
    pictureNumbers[digest] = pictures.count - 1
    return pictures.count - 1
  }

  /// Writes a page that shows `content`, on which links lead elsewhere.
  func addPage(_ content: [UInt8], _ links: [LinkArea]) throws(ConversionFailure) {
    let number = next
    next = objects.reserve()
    let stream = objects.reserve()
    try objects.write(stream, "/Filter /FlateDecode ", stream: try PageDocument.deflated(content))
    var contents = "\(stream) 0 R"
    if style.numbers != nil {
      footers.append(objects.reserve())
      contents = "[\(stream) 0 R \(footers[footers.count - 1]) 0 R]"
    }
    var annotations: [String] = []
    for link in links {
      let annotation = objects.reserve()
      try objects.write(annotation, link.annotation)
      annotations.append("\(annotation) 0 R")
    }
    let links = annotations.isEmpty ? "" : " /Annots [\(annotations.joined(separator: " "))]"
    try objects.write(
      number,
      "<< /Type /Page /Parent \(pages) 0 R /MediaBox [0 0 \(PDFText.number(style.width)) "
        + "\(PDFText.number(style.height))] /Resources \(resources) 0 R /Contents \(contents)\(links) >>")
    pageNumbers.append(number)
  }

  private static func deflated(_ content: [UInt8]) throws(ConversionFailure) -> [UInt8] {
    let deflater = try Deflater(level: 6)
    var packed: [UInt8] = []
    packed.reserveCapacity(content.count / 2)
    var failure: ConversionFailure?
    content.withUnsafeBytes { bytes in
      do throws(ConversionFailure) {
        try deflater.add(bytes, isLast: true) { (bytes) throws(ConversionFailure) in packed += bytes }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return packed
  }

  /// Writes what tells of all pages; returns the size of the file.
  func finish(title: String?) throws(ConversionFailure) -> Int64 {
    for (index, footer) in footers.enumerated() {
      let content = style.numbers?.draw(index + 1, of: footers.count, style) ?? []
      try objects.write(footer, "", stream: content)
    }
    // The one that was kept for another page.
    try objects.write(next, "null")
    let kids = pageNumbers.map { "\($0) 0 R" }.joined(separator: " ")
    try objects.write(pages, "<< /Type /Pages /Kids [\(kids)] /Count \(pageNumbers.count) >>")
    try objects.write(resources, "<< /Font << \(PageDocument.fonts) >>\(pictureNames) >>")
    let root = try writeOutline()
    var entries = ""
    if let root { entries += " /Outlines \(root) 0 R /Dests << \(destinations) >>" }
    var information: Int?
    if let title {
      entries += " /ViewerPreferences << /DisplayDocTitle true >>"
      let number = objects.reserve()
      try objects.write(number, "<< /Title \(PDFText.shown(title)) >>")
      information = number
    }
    try objects.write(catalogue, "<< /Type /Catalog /Pages \(pages) 0 R\(entries) >>")
    return try objects.finish(catalogue: catalogue, information: information)
  }

  private static let fonts = BaseFont.allCases.map { font in
    "/F\(font.rawValue) << /Type /Font /Subtype /Type1 /BaseFont /\(font.name)"
      + "\(font.isOfSigns ? "" : " /Encoding /WinAnsiEncoding") >>"
  }.joined(separator: " ")

  private var pictureNames: String {
    guard !pictures.isEmpty else { return "" }
    return " /XObject << \(pictures.enumerated().map { "/Im\($0) \($1) 0 R" }.joined(separator: " ")) >>"
  }

  /// Each heading by its number, for links within the document.
  private var destinations: String {
    outline.enumerated().map { "/h\($0) [\($1.page) 0 R /XYZ null \(PDFText.number($1.y)) null]" }
      .joined(separator: " ")
  }

  /// Writes the headings as a tree (PDF 32000-1, 12.3.3); returns its root.
  private func writeOutline() throws(ConversionFailure) -> Int? {
    guard !outline.isEmpty else { return nil }
    let root = objects.reserve()
    let numbers = outline.map { _ in objects.reserve() }
    let tree = OutlineTree(outline.map(\.level))
    func reference(_ name: String, _ place: Int?) -> String { place.map { " /\(name) \(numbers[$0]) 0 R" } ?? "" }
    for (place, entry) in outline.enumerated() {
      let node = tree.nodes[place]
      let parent = node.parent.map { numbers[$0] } ?? root
      let count = node.count > 0 ? " /Count \(node.count)" : ""
      try objects.write(
        numbers[place],
        "<< /Title \(PDFText.shown(entry.title)) /Parent \(parent) 0 R\(reference("Prev", node.previous))"
          + "\(reference("Next", node.next))\(reference("First", node.first))\(reference("Last", node.last))\(count)"
          + " /Dest [\(entry.page) 0 R /XYZ null \(PDFText.number(entry.y)) null] >>")
    }
    try objects.write(
      root,
      "<< /Type /Outlines\(reference("First", tree.first))\(reference("Last", tree.last)) /Count \(outline.count) >>")
    return root
  }
}
