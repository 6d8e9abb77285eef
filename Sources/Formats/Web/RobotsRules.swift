/// What a site allows a crawler to fetch, as its robots.txt says (RFC 9309).
package struct RobotsRules: Sendable {
  /// How much of a file is read (RFC 9309 section 2.5).
  package static let mostBytes = 500 << 10
  /// The longest time between two calls that is heeded, in seconds.
  package static let longestDelay = 60.0

  /// A line that allows or forbids; the longest one that fits decides.
  struct Rule: Sendable {
    let allows: Bool
    let length: Int
    let pattern: Wildcard
  }

  /// The longest first, and of the same length those that allow.
  let rules: [Rule]
  /// Addresses of sitemaps for everybody, as they are written.
  package let sitemaps: [String]
  /// Seconds that are to lie between two calls; no part of the standard.
  package let crawlDelay: Double?

  /// What is heeded of a site whose file could not be had because the server is at fault (RFC 9309 section 2.3.1.4).
  package static let forbidding = RobotsRules(Array("User-agent: *\nDisallow: /".utf8))
  /// What is heeded of a site without such a file.
  package static let allowing = RobotsRules([])

  /// Reads a file for the crawler with this product token; any bytes are one.
  package init(_ file: [UInt8], agent: String = "wonder") {
    var reader = RobotsReader(agent: agent)
    reader.read(file)
    let group = reader.groups.max { $0.key < $1.key }?.value ?? RobotsReader.Group()
    rules = group.rules.sorted { $0.length > $1.length || $0.length == $1.length && $0.allows && !$1.allows }
    crawlDelay = group.delay
    sitemaps = reader.sitemaps
  }

  /// Whether a path with its query may be fetched (RFC 9309 section 2.2.2).
  package func allows(_ pathAndQuery: String) -> Bool {
    // What would be taken for a wildcard in a rule is written as such rules write it (section 2.2.3).
    let text = AddressBytes.normalised(pathAndQuery.utf8, escaping: Array("*$".utf8))
    let path = text.prefix { $0 != UInt8(ascii: "?") }
    if path.elementsEqual("/robots.txt".utf8) { return true }
    let asked = text.first == UInt8(ascii: "/") ? text : [UInt8(ascii: "/")] + text
    return rules.first { $0.pattern.matches(asked) }?.allows ?? true
  }
}
