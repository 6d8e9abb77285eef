import DataFormats

/// Takes the rows of a table as a reader tells them, an array of objects with the same members, as styled text.
struct TableRows: DataSink {
  /// The names of the columns; none where they are not of the table itself.
  private(set) var names: [StyledText] = []
  private(set) var number = 0
  private var row: [StyledText] = []
  private let text: TextStyle
  private let bold: TextStyle?
  private let take: ([StyledText]) throws -> Void

  /// The names are read where there is a style for them; `take` gets each row.
  init(_ text: TextStyle, names: TextStyle?, take: @escaping ([StyledText]) throws -> Void) {
    self.text = text
    bold = names
    self.take = take
  }

  mutating func startObject() {
    row.removeAll(keepingCapacity: true)
    number += 1
  }

  mutating func name(_ name: String) throws {
    guard number == 1, let bold else { return }
    names.append(try styled(name, bold))
  }

  mutating func name(utf8: UnsafeRawBufferPointer) throws {
    if number == 1 { try name(String(decoding: utf8, as: UTF8.self)) }
  }

  mutating func scalar(_ value: DataScalar) throws {
    switch value {
    case .string(let words): row.append(try styled(words, text))
    default: row.append(StyledText())
    }
  }

  mutating func string(utf8: UnsafeRawBufferPointer) throws {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      var styled = StyledText()
      styled.append(ascii: utf8.assumingMemoryBound(to: UInt8.self), text)
      styled.trim()
      row.append(styled)
    } else {
      try scalar(.string(String(decoding: utf8, as: UTF8.self)))
    }
  }

  mutating func endObject() throws { try take(row) }

  mutating func startArray() {}
  mutating func endArray() {}

  private func styled(_ words: String, _ style: TextStyle) throws -> StyledText {
    var styled = StyledText()
    do {
      try styled.append(words.unicodeScalars, style)
    } catch {
      throw error.at("row \(number)")
    }
    styled.trim()
    return styled
  }
}
