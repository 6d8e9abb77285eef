import Basics

/// Identifiers as UUIDs, for APIs whose clients expect these: a row's own number in secret, and what proves it.
enum RowUUID {
  /// "xxxxxxxx-xxxx-8xxx-yxxx-xxxxxxxxxxxx" (RFC 9562 section 5.8).
  static func text(_ kind: PublicIdentifiers.Kind, _ row: Int64, _ identifiers: PublicIdentifiers) -> String {
    let own = digits(kind, row, identifiers)
    let proof = digits(.proof, row, identifiers)
    let variant = ["8", "9", "a", "b"][(Int(proof[15], radix: 16) ?? 0) & 3]
    return "\(own[0..<8].joined())-\(own[8..<12].joined())-8\(own[12..<15].joined())-"
      + "\(variant)\(own[15])\(proof[0..<2].joined())-\(proof[2..<14].joined())"
  }

  /// The row of an identifier; nil for a text that was never one.
  static func row(_ kind: PublicIdentifiers.Kind, _ text: String, _ identifiers: PublicIdentifiers) -> Int64? {
    let text = text.lowercased()
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
      let number = UInt64(parts[0] + parts[1] + parts[2].dropFirst() + parts[3].dropFirst().prefix(1), radix: 16),
      let row = identifiers.row(kind, kind.prefix + Base32.encode(number)),
      self.text(kind, row, identifiers) == text
    else { return nil }
    return row
  }

  private static func digits(
    _ kind: PublicIdentifiers.Kind, _ row: Int64, _ identifiers: PublicIdentifiers
  ) -> [String] {
    let number = Base32.decode(identifiers.text(kind, row).dropFirst(kind.prefix.count)) ?? 0
    let text = String(number, radix: 16)
    return (String(repeating: "0", count: 16 - text.utf8.count) + text).map(String.init)
  }
}
