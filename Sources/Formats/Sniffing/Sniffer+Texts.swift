import Basics

extension Sniffer {
  /// Text of any kind: no beginning rules these out.
  private static let plain: [Format] = [.txt, .csv, .tsv, .md, .yaml, .toml, .rst]
  /// What has marks of its own as a rule, and is text like any other without them.
  private static let unmarked: [Format] = [.html, .eml, .mhtml, .url]
  private static let marked: [Format] = [.txt, .html, .xml, .svg, .md]

  /// Text in UTF-8, in UTF-16 with its mark, or in an encoding of one byte for each character; nil for what is none.
  static func text(ofAnyEncoding sample: [UInt8]) -> Sniffed? {
    if sample.starts(with: [0xFF, 0xFE]) || sample.starts(with: [0xFE, 0xFF]) {
      let isLittle = sample[0] == 0xFF
      let units = stride(from: 2, to: sample.count - 1, by: 2).map { place in
        UInt16(sample[place + (isLittle ? 1 : 0)]) << 8 | UInt16(sample[place + (isLittle ? 0 : 1)])
      }
      guard units.allSatisfy({ $0 >= 0x20 || (0x09...0x0D).contains($0) }) else { return nil }
      return text(of: Array(String(decoding: units, as: UTF16.self).utf8))
    }
    let controls = sample.count { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B }
    // A page that says that it is one may have what no text has (WHATWG MIME Sniffing, 7.1).
    let isPage = String(decoding: sample.prefix(9), as: UTF8.self).lowercased() == "<!doctype"
    // The last character may be cut in two, so a few bytes at the end may be missing.
    let isWhole = (0...min(3, sample.count - 1)).contains { cut in
      String(validating: sample.dropLast(cut), as: UTF8.self) != nil
    }
    guard controls == 0 || isPage else {
      // HTML and Markdown say what a few of them mean; where they are many, as in UTF-16 without its mark, it is something else.
      let isText = isWhole && (controls * 4 <= sample.count || controls == 1)
      return isText ? .unknown(whenSaid: [.html, .md, .txt]) : nil
    }
    // Else each byte is a character: those of no ASCII are mostly letters, and have blanks between them where they are many.
    let (others, letters) = (sample.count { $0 >= 0x80 }, sample.count { $0 >= 0xC0 })
    let isSpaced = sample.count { $0 <= 0x20 || $0 == 0x2C || $0 == 0x3B } * 20 > sample.count
    // Between letters a text may have it; a file of other bytes has it by chance.
    guard isWhole || !sample.contains(0x7F) && letters * 2 > others && (others * 3 < sample.count || isSpaced) else {
      return nil
    }
    return text(of: sample)
  }

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
    if isOne("[internetshortcut]") {
      return Sniffed(name: "url", description: "the address of a web page", candidates: [.url], whenSaid: [.txt])
    }
    if isOne("<") { return Sniffed(name: "text", description: "text", candidates: marked + [.csv, .tsv, .yaml]) }
    if isJSON(start) {
      return Sniffed(
        name: "json", description: "a JSON document", candidates: [.json, .ndjson] + plain, whenSaid: [.eml])
    }
    if isMail(start) {
      return Sniffed(name: "text", description: "text", candidates: [.eml] + plain, whenSaid: [.html, .mhtml])
    }
    // A document of JSON may be a single value.
    let isValue = start.first.map { "{[\"-0123456789tfn".contains($0) } ?? false
    return Sniffed(
      name: "text", description: "text", candidates: isValue ? plain + [.json, .ndjson] : plain, whenSaid: unmarked)
  }

  /// Several header fields of mail, the first in the first line.
  private static func isMail(_ start: Substring) -> Bool {
    let names = [
      "return-path:", "received:", "delivered-to:", "from:", "to:", "subject:", "date:", "message-id:", "mime-version:",
      "reply-to:", "x-mozilla-status:", "content-type:", "sender:", "dkim-signature:", "arc-seal:",
    ]
    let lines = start.split(whereSeparator: \.isNewline)
    func isOne(_ line: Substring) -> Bool { names.contains { line.hasPrefix($0) } }
    return lines.first.map(isOne) ?? false
      && (lines.count(where: isOne) > 2 || isOne(lines[0]) && start.hasPrefix("received: "))
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
