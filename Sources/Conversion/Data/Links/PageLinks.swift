import Basics
import Formats
import Markup

/// What a page says of itself and leads to, found in one walk over its elements.
struct PageLinks {
  /// How many links are told.
  static let most = 10_000
  /// How many addresses are looked at, of which many may be the same.
  private static let mostSeen = 50_000
  /// How many bytes an address of the web may have.
  private static let longest = 8192
  /// How many bytes are told of any other address.
  private static let longestOther = 2048
  /// How many words of an attribute are told, and how many bytes each may have.
  static let mostWords = 50
  static let longestWord = 100

  let document: HTMLDocument
  let title: String?
  /// What relative addresses are read against; nil where they stay as they are.
  let base: WebAddress?
  var canonical: String?
  var robots: [String] = []
  var refresh: String?
  private(set) var links: [PageLink] = []
  /// Whether some were left out.
  private(set) var isCut = false

  private var seen = 0
  private var places: [String: Int] = [:]
  /// The links whose text is being read, each with where it begins in `text`.
  private var open: [(node: Int, link: Int, start: Int, title: String)] = []
  private var text = LinkText()

  init(_ document: HTMLDocument, _ base: WebAddress?) {
    self.document = document
    title = document.title.map { String($0.unicodeScalars.prefix(1000)) }
    let own = document.nodes.lazy.filter { $0.name == "base" }.compactMap { $0["href"] }.first
    // Without an address of the page a base that is itself relative says nothing.
    self.base = own.flatMap { PageLinks.base($0, against: base) } ?? base
  }

  /// An address that others can be read against; nil for one that is not of the web, or too long.
  static func base(_ text: String, against outer: WebAddress?) -> WebAddress? {
    guard text.utf8.count <= LinkConverter.longestBase * 2 else { return nil }
    let written = WebAddress(written: text)
    let whole = (outer.map { written.resolved(against: $0) } ?? written.withoutDots).encoded.withoutFragment
    return whole.isWeb && whole.description.utf8.count <= LinkConverter.longestBase * 2 ? whole : nil
  }

  static func base(_ text: String) -> WebAddress? { base(text, against: nil) }

  mutating func find() {
    let nodes = document.nodes
    var place = 0
    while true {
      let node = nodes[place]
      if enter(node, place), node.firstChild >= 0 {
        place = Int(node.firstChild)
        continue
      }
      leave(nodes[place], place)
      while place != 0, nodes[place].next < 0 {
        place = Int(nodes[place].parent)
        leave(nodes[place], place)
      }
      if place == 0 { return }
      place = Int(nodes[place].next)
    }
  }

  /// False where what is in an element is no part of the page.
  private mutating func enter(_ node: HTMLNode, _ place: Int) -> Bool {
    if node.isText {
      if !open.isEmpty { text.add(document.text[node.text]) }
      return true
    }
    if !open.isEmpty, !LinkText.inline.contains(node.name) { text.space() }
    switch node.name {
    case "meta": readMeta(node)
    case "link": readCanonical(node)
    // What a script makes copies of is not in the page; but a shadow tree is.
    case "template": return node["shadowrootmode"] != nil
    default: break
    }
    if let kind = PageLink.kinds[node.name] { add(node, kind, place) }
    if node.name == "img", !open.isEmpty, let words = node["alt"] { text.add(Array(words.utf8)[...]) }
    return !LinkText.hidden.contains(node.name)
  }

  private mutating func leave(_ node: HTMLNode, _ place: Int) {
    if !open.isEmpty, !node.isText, !LinkText.inline.contains(node.name) { text.space() }
    guard let last = open.last, last.node == place else { return }
    open.removeLast()
    if links[last.link].text.isEmpty {
      let words = text.words(from: last.start)
      links[last.link].text = words.isEmpty ? last.title : words
    }
    if open.isEmpty { text = LinkText() }
  }

  private mutating func add(_ node: HTMLNode, _ kind: (address: String, text: String), _ place: Int) {
    let written = node[kind.address]
    let words = kind.text.isEmpty ? "" : LinkText.words(of: node[kind.text] ?? "")
    let rel = PageLinks.words(node["rel"] ?? "")
    if let written, let link = add(written, node.name == "a" ? "" : words, rel, node.name), node.name == "a" {
      open.append((place, link, text.end, words))
    }
    guard PageLink.kindsWithSets.contains(node.name), let set = node["srcset"] else { return }
    for address in SourceSet.addresses(set) { _ = add(address, words, rel, node.name) }
  }

  /// The place of the link of this address; nil where there is none.
  private mutating func add(_ written: String, _ words: String, _ rel: [String], _ kind: String) -> Int? {
    seen += 1
    guard seen <= PageLinks.mostSeen else {
      isCut = true
      return nil
    }
    // What would load the page itself again is not loaded by browsers.
    guard let address = address(written), kind == "a" || kind == "area" || !written.utf8.allSatisfy({ $0 <= 0x20 })
    else { return nil }
    let key = kind + " " + address
    if let place = places[key] { return place }
    guard links.count < PageLinks.most else {
      isCut = true
      return nil
    }
    places[key] = links.count
    links.append(PageLink(address: address, text: words, rel: rel, kind: kind))
    return links.count - 1
  }

  /// What an address in the page means; nil where it means nothing.
  mutating func address(_ text: String) -> String? {
    guard let address = PageLinks.address(text, base) else { return nil }
    guard address.utf8.count <= PageLinks.longest else {
      isCut = true
      return nil
    }
    return address.isEmpty ? nil : address
  }

  /// The whole address where there is a base or it is one; what is not of the web stays as it is written.
  static func address(_ text: String, _ base: WebAddress?) -> String? {
    let written = WebAddress(written: text)
    if written.scheme != nil, !written.isWeb { return cut(written.description) }
    guard let base else { return (written.scheme == nil ? written : written.withoutDots).encoded.description }
    let whole = written.resolved(against: base).encoded
    return whole.isWeb ? whole.description : nil
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > longestOther else { return text }
    var bytes = Array(text.utf8.prefix(longestOther + 1))
    while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The words between white space, in small letters.
  static func words(_ text: String) -> [String] {
    let words = Array(text.utf8).split(maxSplits: mostWords) { $0 <= 0x20 }
    return words.prefix(mostWords).filter { $0.count <= longestWord }.map {
      String(decoding: $0, as: UTF8.self).lowercased()
    }
  }
}
