/// Which addresses are meant: a text in which `*` stands for any characters and all others, `?` too, for themselves.
///
/// One that begins with `~` is a regular expression behind it, which has to be found somewhere in the whole address. One that
/// begins with `/` is compared with path and query, any other with the whole address, in either case from end to
/// end; time is linear in both.
package struct AddressPattern: Sendable {
  /// As it was written.
  package let text: String
  private let isOfPath: Bool
  private let wildcard: Wildcard
  private let expression: AddressExpression?

  package init(_ text: String) {
    self.text = text
    expression = text.utf8.first == UInt8(ascii: "~") ? try? AddressExpression(String(text.dropFirst())) : nil
    isOfPath = text.utf8.first == UInt8(ascii: "/")
    wildcard = Wildcard(AddressBytes.normalised((isOfPath ? text : AddressPattern.small(text)).utf8))
  }

  /// Whether an address in any spelling is meant; its fragment is not looked at.
  package func matches(_ address: WebAddress) -> Bool {
    let address = address.normalised
    if let expression { return expression.isFound(in: Array(address.description.utf8)) }
    return wildcard.matches(Array((isOfPath ? address.pathAndQuery : address.description).utf8))
  }

  /// With scheme and host in small letters.
  private static func small(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var slashes = 0
    let end = bytes.firstIndex { byte in
      slashes += byte == UInt8(ascii: "/") ? 1 : 0
      return slashes == 3
    }
    let path = end ?? bytes.count
    return String(decoding: bytes[..<path], as: UTF8.self).lowercased()
      + String(decoding: bytes[path...], as: UTF8.self)
  }
}
