/// Reads the lines of a robots.txt, and keeps what is meant for one crawler.
struct RobotsReader {
  struct Group {
    var rules: [RobotsRules.Rule] = []
    var delay: Double?
  }

  /// Product token of the crawler, in small letters.
  private let agent: [UInt8]
  /// What is said to the crawler, by how well it is meant: 0 for everybody, else the length of the token.
  private(set) var groups: [Int: Group] = [:]
  private(set) var sitemaps: [String] = []
  /// Those that the lines to come are meant for, of all that are named.
  private var current: Set<Int> = []
  /// Whether a rule has come behind the last name, so that the next name begins a group.
  private var hasRule = false

  init(agent: String) { self.agent = Array(agent.lowercased().utf8) }

  mutating func read(_ file: [UInt8]) {
    var text = file.prefix(RobotsRules.mostBytes)
    func isEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    // Half a rule may be a wider one.
    if file.count > text.count { while let last = text.last, !isEnd(last) { text.removeLast() } }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    for line in text.split(whereSeparator: isEnd) { read(line: line.prefix { $0 != UInt8(ascii: "#") }) }
  }

  private mutating func read(line: ArraySlice<UInt8>) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let value = RobotsReader.trimmed(line[(colon + 1)...])
    switch String(decoding: RobotsReader.trimmed(line[..<colon]), as: UTF8.self).lowercased() {
    case "user-agent": name(value)
    case "allow": add(value, allows: true)
    case "disallow": add(value, allows: false)
    case "crawl-delay": delay(value)
    case "sitemap": if !value.isEmpty { sitemaps.append(String(decoding: value, as: UTF8.self)) }
    default: break
    }
  }

  private mutating func name(_ value: ArraySlice<UInt8>) {
    if hasRule {
      current = []
      hasRule = false
    }
    guard let rank = rank(value) else { return }
    current.insert(rank)
    groups[rank] = groups[rank] ?? Group()
  }

  /// How well a name means the crawler: one that is its token, or whole words at the beginning of it.
  private func rank(_ value: ArraySlice<UInt8>) -> Int? {
    if value.first == UInt8(ascii: "*") { return 0 }
    func isOfToken(_ byte: UInt8) -> Bool {
      AddressBytes.isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    let token = value.prefix(while: isOfToken).map { AddressBytes.isLetter($0) ? $0 | 0x20 : $0 }
    guard !token.isEmpty, agent.starts(with: token) else { return nil }
    let isWhole = token.count == agent.count || !AddressBytes.isLetter(agent[token.count])
    return isWhole ? token.count : nil
  }

  private mutating func add(_ value: ArraySlice<UInt8>, allows: Bool) {
    hasRule = true
    guard !value.isEmpty, !current.isEmpty else { return }
    let isAnchored = value.last == UInt8(ascii: "$")
    let bytes = AddressBytes.normalised(isAnchored ? value.dropLast() : value, escaping: [UInt8(ascii: "$")])
    let rule = RobotsRules.Rule(
      allows: allows, length: bytes.count + (isAnchored ? 1 : 0),
      pattern: Wildcard(isAnchored ? bytes : bytes + [UInt8(ascii: "*")]))
    for rank in current { groups[rank]?.rules.append(rule) }
  }

  /// Lines that are no part of the standard end no list of names (RFC 9309 section 2.2.4).
  private mutating func delay(_ value: ArraySlice<UInt8>) {
    guard let seconds = Double(String(decoding: value, as: UTF8.self)), seconds.isFinite, seconds >= 0 else { return }
    for rank in current { groups[rank]?.delay = min(seconds, RobotsRules.longestDelay) }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C }
    var bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
  }
}
