import Basics
import DataFormats
import Formats

/// The pages that a sitemap or a feed names.
struct PageList {
  /// How many are told, as many as a sitemap may have (sitemaps.org, section "Sitemap file location").
  static let most = 50_000
  /// How many bytes an address or a date may have in the file.
  static let longest = 8192

  enum Kind: String {
    case urlset, index, feed, text
  }

  private let base: WebAddress?
  var kind = Kind.text
  private var entries: [(address: String, modified: String?)] = []
  /// Whether some were left out.
  private(set) var isCut = false

  /// Addresses of feeds may be relative.
  init(_ base: WebAddress?) { self.base = base }

  var isEmpty: Bool { entries.isEmpty }

  /// False when there is no room for more.
  mutating func add(_ written: String, modified: String?) -> Bool {
    guard written.utf8.count <= PageList.longest else {
      isCut = true
      return true
    }
    let address = WebAddress(written: written)
    let whole = (base.map { address.resolved(against: $0) } ?? address.withoutDots).encoded
    guard whole.isWeb else { return true }
    guard entries.count < PageList.most else {
      isCut = true
      return false
    }
    let modified = modified.map(LinkText.words)
    entries.append((whole.description, modified.flatMap { $0.isEmpty ? nil : $0 }))
    return true
  }

  /// One address in a line; other lines are passed by, but not all of them.
  mutating func readText(_ feed: ByteFeed) throws {
    let most = DataLimits().bytes
    guard let bytes = try feed.rest(atMost: most) else {
      throw DataFault(.tooLarge, "a list of addresses may have \(most) bytes")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let written = line.prefix(PageList.longest + 1)
      if !add(String(decoding: written, as: UTF8.self), modified: nil) { break }
    }
    guard !isEmpty else {
      throw DataFault(.unsupported, "none of its lines is an address that begins with http:// or https://")
    }
  }

  var json: [UInt8] {
    var writer = JSONWriter(capacity: 1 << 16)
    writer.object { writer in
      writer.member("kind", kind.rawValue)
      writer.member(
        "addresses",
        array: { writer in
          for entry in entries {
            writer.object { writer in
              writer.member("address", entry.address)
              writer.member("modified", entry.modified)
            }
          }
        })
    }
    return writer.bytes + [0x0A]
  }
}
