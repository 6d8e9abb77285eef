import DataFormats

extension PageList {
  /// Where a kind of document names pages: the path of an entry, and of what in it is the address and the date.
  private struct Layout {
    let kind: Kind
    let entry: [String]
    /// The first that is there counts.
    let addresses: [String]
    let dates: [String]
    /// Whether an address is an attribute of its element.
    var isAttribute = false
  }

  /// By the names of elements without their prefixes: sitemaps.org 0.9, RSS 2.0, RSS 1.0 and RFC 4287.
  private static let layouts: [String: Layout] = [
    "urlset": Layout(kind: .urlset, entry: ["urlset", "url"], addresses: ["loc"], dates: ["lastmod"]),
    "sitemapindex": Layout(kind: .index, entry: ["sitemapindex", "sitemap"], addresses: ["loc"], dates: ["lastmod"]),
    "rss": Layout(
      kind: .feed, entry: ["rss", "channel", "item"], addresses: ["link", "guid"], dates: ["pubdate", "date"]),
    "rdf": Layout(kind: .feed, entry: ["rdf", "item"], addresses: ["link"], dates: ["date"]),
    "feed": Layout(
      kind: .feed, entry: ["feed", "entry"], addresses: ["link"], dates: ["updated", "published"], isAttribute: true),
  ]

  /// Reads a sitemap, an index of sitemaps, or a feed.
  mutating func readXML(_ feed: ByteFeed) throws {
    let parser = XMLParser(feed)
    var layout: Layout?
    var path: [String] = []
    var found: [String: String] = [:]
    var text = ""
    while let event = try parser.next() {
      switch event {
      case .start(let name, let attributes):
        path.append(PageList.local(name))
        layout = layout ?? PageList.layouts[path[0]]
        guard let layout else {
          throw DataFault(
            .unsupported, "the document is no sitemap (urlset, sitemapindex) and no feed (rss, rdf, feed)")
        }
        kind = layout.kind
        text = ""
        if path == layout.entry { found = [:] }
        if layout.isAttribute, PageList.isIn(layout, path), let address = PageList.alternate(path, attributes) {
          found["link"] = found["link"] ?? address
        }
      case .text(let more), .cdata(let more):
        if let layout, PageList.isIn(layout, path), text.utf8.count <= PageList.longest { text += more }
      case .end:
        guard let layout, let name = path.popLast() else { continue }
        if path == layout.entry, !layout.isAttribute || name != "link" {
          if !text.utf8.allSatisfy({ $0 <= 0x20 }) { found[name] = found[name] ?? text }
        } else if path + [name] == layout.entry {
          let modified = layout.dates.lazy.compactMap { found[$0] }.first
          let address = layout.addresses.lazy.compactMap { found[$0] }.first
          if let address, !add(address, modified: modified) { return }
        }
        text = ""
      case .comment, .instruction, .doctype: continue
      }
    }
  }

  private static func isIn(_ layout: Layout, _ path: [String]) -> Bool {
    path.count == layout.entry.count + 1 && path.starts(with: layout.entry)
  }

  /// The name without its prefix, in small letters.
  private static func local(_ name: String) -> String {
    (name.split(separator: ":").last.map(String.init) ?? name).lowercased()
  }

  /// What a link of Atom says where the entry can be read (RFC 4287 section 4.2.7.2).
  private static func alternate(_ path: [String], _ attributes: [XMLAttribute]) -> String? {
    guard path.last == "link", ["alternate", ""].contains(attributes["rel"] ?? "") else { return nil }
    return attributes["href"]
  }
}
