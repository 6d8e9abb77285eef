/// How the rows of a table became text.
package struct CSVDialect: Sendable, Equatable {
  /// Between two fields; a byte of ASCII.
  package var delimiter: UInt8
  /// Around a field with other characters than itself, doubled inside; nil where nothing is quoted.
  package var quote: UInt8?

  package init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
    self.delimiter = delimiter
    self.quote = quote
  }

  /// What is looked for where no delimiter is given; of equals the first wins, and commas are the most frequent inside
  /// fields.
  static let candidates: [UInt8] = [0x09, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]
}
