import Basics
import Formats

/// What pdfinfo tells of a document.
struct DocumentFacts {
  /// A page as a reader shows it, in points.
  struct Page {
    let number: Int
    let width: Double
    let height: Double
  }

  /// No page behind this one is looked at.
  static let mostPages = 10_000
  /// What is read of what pdfinfo prints.
  private static let mostBytes = 4 << 20

  let count: Int
  /// The first ones.
  let pages: [Page]
  /// What is told, by the names that pdfinfo has for it, in its order.
  let entries: [(name: String, text: String)]

  /// Nil when the file of a folder is none that pdfinfo has printed whole.
  ///
  /// What is told before the number of pages may be a text of the document's, and have any lines.
  init?(_ folder: any ToolFolder, _ name: String) {
    guard let bytes = folder.bytes(of: name, atMost: DocumentFacts.mostBytes) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let start = lines.lastIndex(where: { $0.hasPrefix("Pages:") }),
      let count = ToldNumber.read(
        lines[start].dropFirst("Pages:".count).drop { $0 == " " }, atMost: ToldNumber.mostPages)
    else { return nil }
    self.count = count
    entries = lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("Page ") else { return nil }
      let text = line[line.index(after: colon)...].drop { $0 == " " }
      return (String(line[..<colon]), String(text))
    }
    pages = DocumentFacts.pages(lines[start...])
  }

  func text(_ name: String) -> String? { entries.last { $0.name == name }?.text }

  /// Two lines each: "Page    1 size:  612 x 792 pts (letter)" and "Page    1 rot:   90".
  private static func pages(_ lines: ArraySlice<Substring>) -> [Page] {
    var pages: [Page] = []
    for line in lines where line.hasPrefix("Page ") {
      let words = line.split(separator: " ")
      guard words.count > 3, let number = ToldNumber.read(words[1], atMost: ToldNumber.mostPages) else { continue }
      if words[2] == "size:", words.count > 5, let width = Double(words[3]), let height = Double(words[5]) {
        pages.append(Page(number: number, width: width, height: height))
      } else if words[2] == "rot:", let turn = Int(words[3]), turn % 180 != 0, let last = pages.popLast() {
        pages.append(Page(number: number, width: last.height, height: last.width))
      }
    }
    return pages
  }
}
