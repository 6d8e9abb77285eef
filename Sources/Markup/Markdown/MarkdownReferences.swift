/// The link reference definitions and footnotes of a document, by their normalised labels.
struct MarkdownReferences: Sendable {
  /// Where the destination and the title of a definition lie in `text`.
  struct Target: Sendable {
    let destination: Range<Int>
    let title: Range<Int>
    var count: Int { destination.count + title.count }
  }

  /// By the bytes of the labels: texts would be compared and hashed by normal form, which is slow for many marks.
  private(set) var targets: [[UInt8]: Target] = [:]
  var footnotes: [[UInt8]: Int] = [:]
  private(set) var text: [UInt8] = []

  /// Keeps a definition unless its label has one already.
  mutating func define(_ label: ArraySlice<UInt8>, _ source: ByteView, destination: Range<Int>, title: Range<Int>?) {
    let key = Self.key(label)
    guard targets[key] == nil else { return }
    let start = text.count
    MarkdownReference.unescape(source, destination, into: &text)
    let middle = text.count
    if let title { MarkdownReference.unescape(source, title, into: &text) }
    targets[key] = Target(destination: start..<middle, title: middle..<text.count)
  }

  /// A label in the form that equal labels share: letters folded, blanks and line ends inside as one space, none outside.
  static func key(_ label: ArraySlice<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(label.count)
    var isASCII = true
    var pendingSpace = false
    for byte in label {
      if ASCII.isSpace(byte) {
        pendingSpace = !key.isEmpty
        continue
      }
      if pendingSpace { key.append(0x20) }
      pendingSpace = false
      isASCII = isASCII && byte < 0x80
      key.append(ASCII.lower(byte))
    }
    return isASCII ? key : folded(key)
  }

  /// Unicode's case folding by the mappings at hand: ẞ, ß and SS become the same, as do Σ, σ and ς.
  private static func folded(_ key: [UInt8]) -> [UInt8] {
    var folded: [UInt8] = []
    for scalar in String(decoding: key, as: UTF8.self).unicodeScalars {
      for lower in scalar.properties.lowercaseMapping.unicodeScalars {
        for upper in lower.properties.uppercaseMapping.unicodeScalars {
          folded += Array(upper.properties.lowercaseMapping.utf8)
        }
      }
    }
    return folded
  }
}
