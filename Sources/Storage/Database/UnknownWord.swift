/// A row that holds a word which this version does not know, so that nothing is known of what the row says.
package struct UnknownWord: Error, CustomStringConvertible {
  package let column: String
  package let text: String

  package init(column: String, text: String) {
    self.column = column
    self.text = text
  }

  package var description: String {
    "the database has \"\(text.prefix(40))\" as \(column), which this version does not know"
  }
}
