/// Whom mail comes from, as WONDER_MAIL_FROM names it: name@example.com, or Name <name@example.com>.
package struct MailSender: Sendable, Equatable {
  package static let longestName = 100

  package let name: String
  package let address: String

  /// Nil for anything else, control characters included.
  package init?(_ text: String) {
    let (name, address): (Substring, Substring)
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      (name, address) = (text[..<open], text[text.index(after: open)...].dropLast())
    } else {
      (name, address) = ("", text[...])
    }
    let trimmed = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    guard MailAddress.problem(of: String(address)) == nil, trimmed.utf8.count <= MailSender.longestName,
      trimmed.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    else { return nil }
    self.name = trimmed
    self.address = String(address)
  }

  /// The part of the address behind the @.
  package var domain: Substring { address.drop { $0 != "@" }.dropFirst() }
}
