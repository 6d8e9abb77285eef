import Basics
import Formats
import Markup

extension PageLinks {
  mutating func readCanonical(_ node: HTMLNode) {
    guard canonical == nil, let address = node["href"], PageLinks.words(node["rel"] ?? "").contains("canonical")
    else { return }
    canonical = self.address(address)
  }

  mutating func readMeta(_ node: HTMLNode) {
    guard let content = node["content"] else { return }
    if node["name"]?.lowercased() == "robots" { addRobots(content) }
    if refresh == nil, node["http-equiv"]?.lowercased() == "refresh", let address = PageLinks.refreshed(content) {
      refresh = self.address(address)
    }
  }

  private mutating func addRobots(_ content: String) {
    for word in PageLinks.words(content.replacing(",", with: " ")) where robots.count < PageLinks.mostWords {
      if !robots.contains(word) { robots.append(word) }
    }
  }

  /// The address in `5; url=there` (HTML Standard, section 4.2.5.3).
  private static func refreshed(_ content: String) -> String? {
    func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
    func isOfTime(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || (0x30...0x39).contains(byte) }
    let bytes = Array(content.utf8).drop(while: isBlank)
    var rest = bytes.drop(while: isOfTime)
    guard rest.startIndex > bytes.startIndex, let first = rest.first,
      isBlank(first) || first == UInt8(ascii: ";") || first == UInt8(ascii: ",")
    else { return nil }
    rest = rest.drop(while: isBlank)
    if rest.first == UInt8(ascii: ";") || rest.first == UInt8(ascii: ",") { rest = rest.dropFirst() }
    rest = rest.drop(while: isBlank)
    if String(decoding: rest.prefix(3), as: UTF8.self).lowercased() == "url" {
      let behind = rest.dropFirst(3).drop(while: isBlank)
      if behind.first == UInt8(ascii: "=") { rest = behind.dropFirst().drop(while: isBlank) }
    }
    if let mark = rest.first, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") {
      rest = rest.dropFirst().prefix { $0 != mark }
    }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }

  /// All of it as JSON.
  var json: [UInt8] {
    var writer = JSONWriter(capacity: 1 << 16)
    writer.object { writer in
      writer.member("title", title)
      writer.member("base", base?.description)
      writer.member("canonical", canonical)
      writer.member("robots", array: { writer in for word in robots { writer.string(word) } })
      writer.member("refresh", refresh)
      writer.member("links", array: { writer in for link in links { PageLinks.write(link, to: &writer) } })
    }
    return writer.bytes + [0x0A]
  }

  private static func write(_ link: PageLink, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("address", link.address)
      writer.member("text", link.text)
      writer.member("rel", array: { writer in for word in link.rel { writer.string(word) } })
      writer.member("kind", link.kind)
    }
  }
}
