/// Elements inside of lines of text.
extension HTMLWriter {
  mutating func visitInline(_ place: Int) throws {
    let node = document.nodes[place]
    switch node.name {
    case "br": breakLine()
    case "img": putImage(node)
    case "input": putCheckbox(node)
    case "wbr": return
    case "code", "tt", "kbd", "samp": try putCode(place)
    case "q":
      inlines.put("“".utf8)
      try visitChildren(place)
      inlines.put("”".utf8)
    default:
      let isStarted = style(of: node).map { inlines.start($0) } ?? false
      try visitChildren(place)
      if isStarted { inlines.end() }
    }
  }

  private func style(of node: HTMLNode) -> HTMLStyle? {
    switch node.name {
    case "b", "strong": isPlain ? nil : .strong
    case "i", "em": isPlain ? nil : .emphasis
    case "s", "del", "strike": isPlain ? nil : .strikethrough
    case "a": link(node)
    default: nil
    }
  }

  private func link(_ node: HTMLNode) -> HTMLStyle? {
    guard let address = address(node["href"]), !address.isEmpty else { return nil }
    return .link(address: address, title: node["title"] ?? "")
  }

  /// An address that may be kept, without what browsers leave out of it, or nil.
  private func address(_ value: String?) -> String? {
    guard let value, LinkSafety.isSafe(value.utf8) else { return nil }
    let bytes = value.utf8.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    let start = bytes.drop { $0 <= 0x20 }
    return String(decoding: start.prefix((start.lastIndex { $0 > 0x20 } ?? -1) - start.startIndex + 1), as: UTF8.self)
  }

  /// Two line breaks after each other begin a new paragraph, as they are used for.
  private mutating func breakLine() {
    if cells > 0 {
      inlines.space()
    } else if inlines.endsInBreak {
      flush()
    } else {
      inlines.breakLine()
    }
  }

  private mutating func putImage(_ node: HTMLNode) {
    let words = (node["alt"] ?? "").utf8.split(whereSeparator: ASCII.isSpace).joined(separator: [0x20])
    let description = Array(words)
    guard !isPlain, let source = address(node["src"]), !source.isEmpty else {
      inlines.put(description)
      return
    }
    inlines.put(.image(source: source, title: node["title"] ?? "", description: description))
  }

  private mutating func putCheckbox(_ node: HTMLNode) {
    guard node["type"]?.lowercased() == "checkbox", inlines.isEmpty, cells == 0,
      document.nodes[Int(node.parent)].name == "li" || document.nodes[Int(node.parent)].name == "p"
        || document.nodes[Int(node.parent)].name == "label"
    else { return }
    inlines.put(.raw(Array((node["checked"] == nil ? "[ ]" : "[x]").utf8)))
    inlines.space()
  }

  private mutating func putCode(_ place: Int) throws {
    let words = document.text(of: place).split(whereSeparator: ASCII.isSpace).joined(separator: [0x20])
    let code = Array(words)
    guard !code.isEmpty else { return }
    // Where code is made of links or pictures, these are worth more than its form.
    let hasOthers = document.children(of: place).contains { !["", "span", "b", "i"].contains(document.nodes[$0].name) }
    if hasOthers { try visitChildren(place) } else { putCode(code, place) }
  }

  private mutating func putCode(_ code: [UInt8], _ place: Int) {
    let text = document.text(of: place)
    if let first = text.first, ASCII.isSpace(first) { inlines.space() }
    if isPlain { inlines.put(code) } else { inlines.put(.code(code)) }
    if let last = text.last, ASCII.isSpace(last) { inlines.space() }
  }
}
