import Engine
import HTTP
import Storage

/// Reads the fields of a batch that make it one of a whole web site.
enum WonderSites {
  /// Words and numbers.
  static let short = ["site", "site_depth", "site_pages", "site_robots"]
  /// Patterns with commas between them.
  static let lists = ["site_include", "site_exclude"]
  static let fields = short + lists

  /// Nil without the field `site`; throws `Refusal.invalidFields` that names what is wrong.
  static func wish(_ form: WonderForm) throws(Refusal) -> SiteWish? {
    var wrong = WrongFields()
    guard let word = form.text("site")?.lowercased() else {
      for name in fields where form.text(name) != nil { wrong.append(name, "means nothing without site") }
      guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
      return nil
    }
    let mode = Site.Mode(rawValue: word)
    if mode == nil {
      wrong.append(
        "site", "\"\(word)\" is no way; valid: \(Site.Mode.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var wish = SiteWish(mode: mode ?? .crawl)
    read("site_depth", in: form, SiteWish.depths, &wish.depth, &wrong)
    read("site_pages", in: form, SiteWish.counts, &wish.pages, &wrong)
    wish.include = patterns("site_include", in: form, &wrong)
    wish.exclude = patterns("site_exclude", in: form, &wrong)
    switch form.text("site_robots")?.lowercased() {
    case nil, "true", "1": break
    case "false", "0": wish.heedsRobots = false
    default: wrong.append("site_robots", "must be true or false")
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return wish
  }

  private static func read(
    _ name: String, in form: WonderForm, _ range: ClosedRange<Int>, _ number: inout Int, _ wrong: inout WrongFields
  ) {
    guard let text = form.text(name) else { return }
    guard let value = Int(text), range.contains(value) else {
      return wrong.append(name, "\"\(text)\" is not from \(range.lowerBound) to \(range.upperBound)")
    }
    number = value
  }

  private static func patterns(_ name: String, in form: WonderForm, _ wrong: inout WrongFields) -> [String] {
    guard let text = form.text(name) else { return [] }
    guard text.utf8.count <= SiteWish.longestPatterns, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      wrong.append(name, "must be at most \(SiteWish.longestPatterns) bytes without control characters")
      return []
    }
    let patterns = text.split(separator: ",").map { $0.drop { $0 == " " } }.map { pattern in
      String(pattern.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
    if patterns.count > SiteWish.mostPatterns {
      wrong.append(name, "\(patterns.count) patterns are more than the \(SiteWish.mostPatterns) allowed")
    }
    if let odd = patterns.first(where: { !["/", "*", "http"].contains(where: $0.lowercased().hasPrefix) }) {
      wrong.append(name, "\"\(odd)\" fits no address: a pattern begins with /, *, http:// or https://")
    }
    return patterns
  }
}
