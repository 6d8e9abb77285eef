/// The styles of a text by their identifiers (ISO/IEC 29500-1, 17.7).
struct DOCXStyles {
  struct Style {
    var name = ""
    var base: String?
    var properties = DOCXProperties()
  }

  private var styles: [String: Style] = [:]
  private(set) var standard: String?

  init(_ parts: DocumentParts, _ name: String?) throws {
    guard let name else { return }
    try parts.readIfSound(name) { reader in
      try reader.root { element in
        guard element.name == "style", let id = element["styleId"] else { return }
        let isStandard = element["default"].map { $0 == "1" || $0 == "true" || $0 == "on" } ?? false
        if isStandard && element["type"] == "paragraph" { standard = id }
        var style = Style()
        try reader.children { element in
          switch element.name {
          case "name": style.name = (element["val"] ?? "").lowercased()
          case "basedOn": style.base = element["val"]
          case "pPr", "rPr": try style.properties.read(reader)
          default: break
          }
        }
        styles[id] = style
      }
    }
  }

  /// A style and those that it is based on, itself first; a circle ends.
  private func chain(_ id: String?) -> [Style] {
    var chain: [Style] = []
    var next = id
    while let id = next, let style = styles[id], chain.count < 30 {
      chain.append(style)
      next = style.base
    }
    return chain
  }

  /// The properties that a style gives, its own first.
  func properties(of id: String?) -> DOCXProperties {
    chain(id).reversed().reduce(into: DOCXProperties()) { $0.take($1.properties) }
  }

  /// The level of the heading that a paragraph of this style is, from 1.
  func headingLevel(of id: String?) -> Int? {
    for style in chain(id) {
      if style.name == "title" { return 1 }
      if style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)), (1...9).contains(level) {
        return level
      }
      if let level = style.properties.outline { return level < 9 ? level + 1 : nil }
    }
    if styles.isEmpty, let id = id?.lowercased(), id.hasPrefix("heading") { return Int(id.dropFirst(7)) }
    return nil
  }

  private static let codes: Set<String> = [
    "source code", "code", "html preformatted", "preformatted text", "plain code", "verbatim",
  ]
  private static let quotes: Set<String> = ["quote", "intense quote", "block text", "block quote", "quotations"]
  private static let inlineCodes: Set<String> = [
    "verbatim char", "html code", "html typewriter", "html keyboard", "html sample", "source text", "code char",
    "inline code",
  ]

  func block(of id: String?) -> DocumentPage.Block {
    for style in chain(id) {
      if Self.codes.contains(style.name) { return .code }
      if Self.quotes.contains(style.name) { return .quote }
    }
    return .paragraph
  }

  func isInlineCode(_ id: String?) -> Bool { chain(id).contains { Self.inlineCodes.contains($0.name) } }
}
