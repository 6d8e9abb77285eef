/// The styles of an OpenDocument file by their names (OpenDocument 1.3, part 3, 16).
struct ODFStyles {
  struct Style {
    var family = ""
    var parent: String?
    var displayName = ""
    var isBold: Bool?
    var isItalic: Bool?
    var isStruck: Bool?
    var position: TextStyle?
    var isHidden: Bool?
    var isCode = false
  }

  private var styles: [String: Style] = [:]
  /// For each style of lists, by levels from 1, the number of the first item where they are numbered.
  private var lists: [String: [Int: Int?]] = [:]

  init() {}

  /// Reads the styles in the element that has just begun.
  mutating func read(_ reader: PartReader) throws {
    try reader.children { element in
      switch element.fullName {
      case "style:style": try readStyle(element, reader)
      case "text:list-style": lists[element["style:name"] ?? ""] = try Self.readLevels(reader)
      default: return
      }
    }
  }

  private static func key(_ family: String, _ name: String) -> String { family + " " + name }

  private mutating func readStyle(_ element: PartElement, _ reader: PartReader) throws {
    var style = Style()
    style.family = element["style:family"] ?? ""
    let name = element["style:name"] ?? ""
    style.parent = element["style:parent-style-name"]
    style.displayName = (element["style:display-name"] ?? name).lowercased()
    try reader.children { element in
      switch element.fullName {
      case "style:text-properties":
        if let weight = element["fo:font-weight"] { style.isBold = weight == "bold" || Int(weight) ?? 0 >= 600 }
        if let slant = element["fo:font-style"] { style.isItalic = slant != "normal" }
        if let line = element["style:text-line-through-style"] { style.isStruck = line != "none" }
        if let place = element["style:text-position"] { style.position = Self.position(place) }
        if let shown = element["text:display"] { style.isHidden = shown == "none" }
      case "style:drawing-page-properties":
        if element["presentation:visibility"] == "hidden" { style.isHidden = true }
      case "style:table-properties":
        if element["table:display"] == "false" { style.isHidden = true }
      default: return
      }
    }
    style.isCode = Self.codes.contains(style.displayName)
    styles[Self.key(style.family, name)] = style
  }

  private static let codes: Set<String> = [
    "preformatted text", "preformatted_20_text", "source text", "source_20_text", "source_text", "source code",
    "teletype", "html preformatted",
  ]

  private static func position(_ text: String) -> TextStyle {
    if text.hasPrefix("super") { return .superscript }
    if text.hasPrefix("sub") { return .subscript }
    guard let number = Int(text.prefix { $0 != "%" }), number != 0 else { return [] }
    return number > 0 ? .superscript : .subscript
  }

  private static func readLevels(_ reader: PartReader) throws -> [Int: Int?] {
    var levels: [Int: Int?] = [:]
    try reader.children { element in
      guard let level = element.number("text:level") else { return }
      let isNumber = element.fullName == "text:list-level-style-number" && element["style:num-format"] != ""
      levels[level] = .some(isNumber ? element.number("text:start-value") ?? 1 : nil)
    }
    return levels
  }

  private func chain(_ family: String, _ name: String?) -> [Style] {
    var chain: [Style] = []
    var next = name
    while let name = next, let style = styles[Self.key(family, name)], chain.count < 30 {
      chain.append(style)
      next = style.parent
    }
    return chain
  }

  /// How text of a style is set off.
  func textStyle(_ name: String?) -> (style: TextStyle, isHidden: Bool) {
    let chain = chain("text", name)
    if chain.contains(where: \.isCode) { return (.code, false) }
    var style: TextStyle = []
    if chain.lazy.compactMap(\.isBold).first ?? false { style.insert(.bold) }
    if chain.lazy.compactMap(\.isItalic).first ?? false { style.insert(.italic) }
    if chain.lazy.compactMap(\.isStruck).first ?? false { style.insert(.struck) }
    style.formUnion(chain.lazy.compactMap(\.position).first ?? [])
    return (style, chain.lazy.compactMap(\.isHidden).first ?? false)
  }

  /// How all of a paragraph is set off.
  func paragraphStyle(_ name: String?) -> TextStyle {
    let chain = chain("paragraph", name)
    var style: TextStyle = []
    // What the named style has is a matter of looks; what was done to this paragraph by hand sets it off.
    if let own = chain.first, name?.hasPrefix("P") ?? false {
      if own.isBold ?? false { style.insert(.bold) }
      if own.isItalic ?? false { style.insert(.italic) }
    }
    return style
  }

  func block(_ name: String?) -> DocumentPage.Block {
    for style in chain("paragraph", name) {
      if style.isCode { return .code }
      if style.displayName.hasPrefix("quot") || style.displayName == "block text" { return .quote }
      if style.displayName == "title" { return .heading(1) }
    }
    return .paragraph
  }

  func isHidden(_ family: String, _ name: String?) -> Bool { chain(family, name).first?.isHidden ?? false }

  /// The number of the first item at a level from 0 of a style of lists; nil where it has marks.
  func start(ofList name: String?, level: Int) -> Int? { name.flatMap { lists[$0]?[level + 1] } ?? nil }
}
