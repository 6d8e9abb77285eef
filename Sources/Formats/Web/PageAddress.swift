/// A file that holds the address of a web page, the form in which a page goes through everything that files go through.
package enum PageAddress {
  /// No file of one is longer than this many bytes.
  package static let mostBytes = 16 << 10
  /// Where the file of an address begins that Windows and most desktops know.
  static let heading = "[InternetShortcut]"

  /// The file of an address.
  package static func file(of address: String) -> [UInt8] { Array("\(heading)\r\nURL=\(address)\r\n".utf8) }

  /// The address in a file, which may also be the only line of a text; nil when there is none.
  package static func read(_ bytes: [UInt8]) -> String? {
    guard bytes.count <= mostBytes, let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline).map(trimmed).filter { !$0.isEmpty }
    let isShortcut = lines.first.map { $0.lowercased() == heading.lowercased() } ?? false
    let address = isShortcut ? lines.lazy.compactMap(value).first : lines.count == 1 ? lines[0] : nil
    return address.flatMap { isOne($0) ? String($0) : nil }
  }

  private static func value(_ line: Substring) -> Substring? {
    line.prefix(4).lowercased() == "url=" ? trimmed(line.dropFirst(4)) : nil
  }

  /// True for what begins as an address of the web does and has nothing that none may have.
  package static func isOne(_ address: some StringProtocol) -> Bool {
    let lower = address.prefix(8).lowercased()
    return (lower.hasPrefix("http://") || lower.hasPrefix("https://"))
      && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    while line.last?.isWhitespace ?? false { line.removeLast() }
    return line
  }
}
