/// What stands next in a document; names are as written, with their prefix, and line ends are `\n`.
package enum XMLEvent: Equatable {
  /// A start tag, or an empty-element tag, which is followed by its `end` at once.
  case start(name: String, attributes: [XMLAttribute])
  case end(name: String)
  /// All the text up to the next markup, references resolved; blank text between elements is told, outside of the
  /// root it is not.
  case text(String)
  /// A CDATA section; neighbouring text comes as events of its own.
  case cdata(String)
  case comment(String)
  case instruction(target: String, data: String)
  /// The document type with the name of its root; what it declares is not told.
  case doctype(name: String)
}

/// An attribute as the parser tells it: references resolved, white space made blanks (XML 1.0, 3.3.3).
package struct XMLAttribute: Equatable {
  package let name: String
  package let value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [XMLAttribute] {
  /// The value of the attribute of this name, as written, if there is one.
  package subscript(_ name: String) -> String? { first { $0.name == name }?.value }
}
