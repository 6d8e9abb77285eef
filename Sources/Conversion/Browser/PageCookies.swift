import Basics
import Formats

/// Cookies that a client gives a page, as the browser takes them.
enum PageCookies {
  private static let most = 50
  private static let wrong = VisitTrouble.failed(
    ConversionFailure(
      .pageFailed,
      "cookies must be NAME=VALUE with semicolons between them, or a JSON array of objects with name, value and, if need be, "
        + "domain, path, secure, http_only, same_site"))

  /// At most 50; those without a domain are the page's own.
  static func read(_ text: String, for address: String) throws(VisitTrouble) -> [JSONValue] {
    let cookies: [JSONValue]
    if text.drop(while: \.isWhitespace).hasPrefix("[") {
      guard let items = (try? JSONReader.parse(text.utf8))?.array else { throw wrong }
      var read: [JSONValue] = []
      for item in items { read.append(try cookie(item, address)) }
      cookies = read
    } else {
      var read: [JSONValue] = []
      for part in text.split(separator: ";") {
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { throw wrong }
        let (name, value) = (trimmed(sides[0]), trimmed(sides[1]))
        guard !name.isEmpty else { throw wrong }
        read.append(.object([("name", .string(name)), ("value", .string(value)), ("url", .string(address))]))
      }
      cookies = read
    }
    guard (1...most).contains(cookies.count) else { throw wrong }
    return cookies
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }

  private static func cookie(_ item: JSONValue, _ address: String) throws(VisitTrouble) -> JSONValue {
    guard let name = item["name"]?.string, !name.isEmpty, let value = item["value"]?.string else { throw wrong }
    var members: [(name: String, value: JSONValue)] = [("name", .string(name)), ("value", .string(value))]
    for place in ["domain", "path", "url"] {
      if let text = item[place]?.string { members.append((place, .string(text))) }
    }
    if item["domain"] == nil, item["url"] == nil { members.append(("url", .string(address))) }
    for (own, theirs) in [("secure", "secure"), ("http_only", "httpOnly"), ("httpOnly", "httpOnly")] {
      if let flag = item[own]?.boolean { members.append((theirs, .boolean(flag))) }
    }
    if let site = (item["same_site"] ?? item["sameSite"])?.string {
      guard let word = ["Strict", "Lax", "None"].first(where: { $0.lowercased() == site.lowercased() }) else {
        throw wrong
      }
      members.append(("sameSite", .string(word)))
    }
    if let end = item["expires"]?.integer { members.append(("expires", .integer(end))) }
    return .object(members)
  }
}
