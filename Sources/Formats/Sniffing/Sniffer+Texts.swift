extension Sniffer {
  /// Text of any kind: no beginning rules these out.
  private static let plain: [Format] = [.txt, .csv, .tsv, .md, .yaml]
  private static let marked: [Format] = [.txt, .html, .xml, .svg, .md]

  /// What a text may be; the format that somebody declares, or the file's name, decides between the candidates.
  static func text(of sample: [UInt8]) -> Sniffed {
    let text = String(decoding: sample, as: UTF8.self).lowercased()
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    func isOne(_ names: String...) -> Bool { names.contains { start.hasPrefix($0) } }
    if isOne("<!doctype html", "<html") || isOne("<?xml", "<!--") && text.contains("<html") {
      return Sniffed(name: "html", description: "an HTML page", candidates: [.html, .xml, .txt, .md])
    }
    if isOne("<svg", "<!doctype svg") || isOne("<?xml", "<!--") && text.contains("<svg") {
      return Sniffed(name: "svg", description: "an SVG drawing", candidates: [.svg, .xml, .html, .txt, .md])
    }
    if isOne("<?xml") {
      return Sniffed(name: "xml", description: "an XML document", candidates: [.xml, .svg, .html, .txt, .md])
    }
    if isOne("<") { return Sniffed(name: "text", description: "text", candidates: marked + [.csv, .tsv, .yaml]) }
    if isJSON(start) {
      return Sniffed(name: "json", description: "a JSON document", candidates: [.json] + plain)
    }
    // A document of JSON may be a single value.
    let isValue = start.first.map { "{[\"-0123456789tfn".contains($0) } ?? false
    return Sniffed(name: "text", description: "text", candidates: isValue ? plain + [.json] : plain)
  }

  /// An object or an array, and the beginning of what stands in it; a link of Markdown begins with a bracket, too.
  private static func isJSON(_ start: Substring) -> Bool {
    let inside = start.dropFirst().drop(while: \.isWhitespace)
    guard let next = inside.first else { return false }
    if start.first == "{" { return next == "\"" || next == "}" }
    guard start.first == "[" else { return false }
    return "{[\"]-0123456789".contains(next) || ["true", "false", "null"].contains { inside.hasPrefix($0) }
  }
}
