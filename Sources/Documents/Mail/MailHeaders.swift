/// The header fields of a message or of a part of one (RFC 5322 section 2.2), in their order.
package struct MailHeaders: Sendable {
  /// More of them is no mail.
  private static let most = 10_000

  private let fields: [(name: String, value: ArraySlice<UInt8>)]

  /// Every field with its text.
  package var all: [(name: String, text: String)] { fields.map { ($0.name, HeaderText.decode($0.value)) } }
  package var isEmpty: Bool { fields.isEmpty }

  /// The text of the first field of this name, in any case; nil when there is none.
  package subscript(_ name: String) -> String? { raw(name).map(HeaderText.decode) }

  func raw(_ name: String) -> ArraySlice<UInt8>? {
    fields.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Reads fields up to an empty line, and tells where the body begins; lines that are none are passed over, as those
  /// of mailboxes are.
  static func read(_ bytes: ArraySlice<UInt8>) -> (headers: MailHeaders, body: Int) {
    var fields: [(name: String, value: ArraySlice<UInt8>)] = []
    var place = bytes.startIndex
    // Where the field began that a line goes on, its name included.
    var start: Int?
    func take(_ end: Int) {
      if let start, fields.count < most, let field = field(bytes[start..<end]) { fields.append(field) }
    }
    while place < bytes.endIndex {
      let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex
      let first = bytes[place]
      if first == 0x0A || first == 0x0D && end - place == 2 {
        take(place)
        return (MailHeaders(fields: fields), end)
      }
      if first != 0x20 && first != 0x09 {
        take(place)
        start = place
      }
      place = end
    }
    take(place)
    return (MailHeaders(fields: fields), place)
  }

  /// A name of visible characters, a colon, and a value.
  private static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: ArraySlice<UInt8>)? {
    guard let colon = line.prefix(1000).firstIndex(of: 0x3A) else { return nil }
    var name = line[..<colon]
    while name.last == 0x20 || name.last == 0x09 { name.removeLast() }
    guard !name.isEmpty, name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return (String(decoding: name, as: UTF8.self), line[(colon + 1)...])
  }
}
