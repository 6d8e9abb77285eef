/// What can be asked of a conversion of data; each option counts for the formats that have use for it.
package struct DataOptions: Sendable, Equatable {
  /// CSV: fields that look like numbers, booleans or nothing are read as such.
  package var typed = false
  /// CSV: the first row of the input is the header, and of the output too.
  package var header = true
  /// CSV: between fields, a byte of ASCII; nil for what is found in the input, and a comma in the output.
  package var delimiter: UInt8?
  /// CSV: around fields; nil for none.
  package var quote: UInt8? = UInt8(ascii: "\"")
  /// CSV: of the input where that is CSV, otherwise of the output; nil for what is found, and UTF-8.
  package var encoding: TextEncoding?
  /// To CSV: only an array of objects will do, not a single object or value.
  package var requiresRows = false
  /// JSON: blanks for each level, 0 to 8; nil for 2.
  package var indent: Int?
  /// JSON: no blanks at all.
  package var compact = false
  /// JSON: an object with two members of one name is refused.
  package var refusesDuplicates = false
  /// XML: names of the outermost element and of an array's items; nil for `root` and `item`.
  package var root: String?
  package var item: String?
  /// XML: what the names of attributes begin with; nil for `@`.
  package var attributePrefix: String?

  package init() {}
}
