import Basics

/// The public identifiers of what happened: "evt_" and a UUID that the row and the secret key give, so that a replay
/// has the identifier of the first time without its being stored.
package struct EventIdentifiers: Sendable {
  private let code: HMAC

  package init(store: Store) {
    code = store.code(for: "event identifiers")
  }

  /// The identifier of an event's row; `part` tells apart several messages of one event.
  package func text(_ row: Int64, part: Int = 0) -> String { text("\(row):\(part)") }

  /// The identifier of something that happens once to a row of another table and has no row of its own.
  package func text(of what: StaticString, _ row: Int64) -> String { text("\(what) \(row)") }

  private func text(_ words: String) -> String {
    var bytes = Array(code.code(for: Array(words.utf8)).prefix(16))
    // Version 8 is for UUIDs made in a way of one's own (RFC 9562 section 5.8).
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Hexadecimal.encode(bytes)
    var groups: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return "evt_" + groups.joined(separator: "-")
  }
}
