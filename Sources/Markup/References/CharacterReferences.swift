/// The named character references of HTML, which Markdown shares.
struct CharacterReferences: Sendable {
  static let all = CharacterReferences()

  /// One name: where it begins in the list and how long it is, and where its characters lie.
  private struct Entry {
    let start: Int
    let count: Int
    let value: Range<Int>
    let needsSemicolon: Bool
  }

  /// The longest name, and the longest that stands without its semicolon.
  static let longest = 31
  static let longestOpen = 6

  private let entries: [Entry]
  private let values: [UInt8]

  private init() {
    var entries: [Entry] = []
    var values: [UInt8] = []
    let text = Self.text
    var place = 0
    while place < text.count {
      let start = place
      while ASCII.isAlphanumeric(text[place]) { place += 1 }
      let count = place - start
      let needsSemicolon = text[place] == UInt8(ascii: ":")
      let from = values.count
      repeat {
        place += 1
        var code: UInt32 = 0
        while let digit = ASCII.hexadecimal(text[place]) {
          code = code << 4 | digit
          place += 1
        }
        values.append(scalar: code)
      } while text[place] == UInt8(ascii: "+")
      entries.append(Entry(start: start, count: count, value: from..<values.count, needsSemicolon: needsSemicolon))
      while place < text.count, ASCII.isSpace(text[place]) { place += 1 }
    }
    self.entries = entries
    self.values = values
  }

  private static var text: ByteView {
    ByteView(UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount))
  }

  /// What each name stands for.
  var texts: [String: String] {
    let names = Self.text
    return Dictionary(
      entries.map { entry in
        let name = (entry.start..<entry.start + entry.count).map { names[$0] }
        return (String(decoding: name, as: UTF8.self), String(decoding: values[entry.value], as: UTF8.self))
      }
    ) { first, _ in first }
  }

  /// The characters a whole name stands for, or nil; `open` where no semicolon follows it.
  func value(of name: Range<Int>, in text: ByteView, open: Bool = false) -> ArraySlice<UInt8>? {
    guard !name.isEmpty, name.count <= Self.longest else { return nil }
    let names = Self.text
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      switch Self.order(text, name, names, entry.start, entry.count) {
      case 0: return open && entry.needsSemicolon ? nil : values[entry.value]
      case 1...: low = middle + 1
      default: high = middle
      }
    }
    return nil
  }

  /// 1 where the name comes after the entry, -1 where before, 0 where it is the entry's.
  private static func order(_ text: ByteView, _ name: Range<Int>, _ names: ByteView, _ start: Int, _ count: Int) -> Int
  {
    for offset in 0..<min(name.count, count) {
      let byte = text[name.lowerBound + offset]
      let other = names[start + offset]
      if byte != other { return byte > other ? 1 : -1 }
    }
    return name.count == count ? 0 : name.count > count ? 1 : -1
  }
}
