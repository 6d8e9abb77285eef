/// Where a link leads.
enum LinkTarget: Equatable {
  /// An address in ASCII that may be opened.
  case address(String)
  /// A heading of the document by its number.
  case heading(Int)

  private static let schemes = ["http://", "https://", "mailto:", "tel:", "ftp://"]
  private static let longest = 4000

  /// Nil for an address that a document of unknown origin must not lead to, or that is not complete.
  init?(address: String) {
    let start = address.prefix(8).lowercased()
    guard address.utf8.count <= LinkTarget.longest, LinkTarget.schemes.contains(where: start.hasPrefix) else {
      return nil
    }
    var text = ""
    for byte in address.utf8 {
      if (0x21..<0x7F).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    self = .address(text)
  }
}
