/// The seven conditions that begin a block of HTML, and those that end it (CommonMark 0.31, section 4.6).
struct MarkdownHTMLStarts {
  private static let verbatim: [StaticString] = ["script", "pre", "textarea", "style"]
  private static let blocks: Set<String> = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup",
    "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link",
    "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
  ]

  /// The number of the condition that the line's `<` at a place meets, or 0.
  func kind(_ line: ByteView, at place: Int, interrupting: Bool) -> Int {
    switch line[place + 1] {
    case UInt8(ascii: "!"):
      if line.matches("--", at: place + 2) { return 2 }
      if line.matches("[cdata[", at: place + 2), line[place + 3] == UInt8(ascii: "C") { return 5 }
      return ASCII.isLetter(line[place + 2]) ? 4 : 0
    case UInt8(ascii: "?"): return 3
    default: return ofTag(line, at: place, interrupting: interrupting)
    }
  }

  private func ofTag(_ line: ByteView, at place: Int, interrupting: Bool) -> Int {
    let scanner = MarkdownTagScanner(line)
    let isClosing = line[place + 1] == UInt8(ascii: "/")
    let start = isClosing ? place + 2 : place + 1
    guard let end = scanner.name(at: start) else { return 0 }
    let isVerbatim = Self.verbatim.contains { $0.utf8CodeUnitCount == end - start && line.matches($0, at: start) }
    let follows = line[end]
    let endsTag = end >= line.count || ASCII.isSpace(follows) || follows == UInt8(ascii: ">")
    if isVerbatim, !isClosing { return endsTag ? 1 : 0 }
    if endsTag || (follows == UInt8(ascii: "/") && line[end + 1] == UInt8(ascii: ">")), end - start <= 10,
      Self.blocks.contains(line.string(start..<end).lowercased())
    {
      return 6
    }
    guard !interrupting, let tag = scanner.tag(at: place), line.afterBlanks(tag) >= line.count else { return 0 }
    return 7
  }

  /// Whether the line ends a block of that kind; the sixth and seventh end at a blank line.
  func ends(_ kind: Int, _ line: ByteView, from place: Int) -> Bool {
    switch kind {
    case 1:
      return Self.verbatim.contains { name in
        var next = line.find("</", from: place)
        while let start = next {
          let end = start + 2 + name.utf8CodeUnitCount
          if line.matches(name, at: start + 2), line[end] == UInt8(ascii: ">") { return true }
          next = line.find("</", from: start + 2)
        }
        return false
      }
    case 2: return line.find("-->", from: place) != nil
    case 3: return line.find("?>", from: place) != nil
    case 4: return line.first(UInt8(ascii: ">"), from: place) != nil
    case 5: return line.find("]]>", from: place) != nil
    default: return false
    }
  }
}
