/// A start tag; its names are in small letters.
package struct HTMLTag: Sendable, Equatable {
  package struct Attribute: Sendable, Equatable {
    package let name: String
    package internal(set) var value: String
  }

  package let name: String
  /// In the order of the document; of two with the same name only the first.
  package internal(set) var attributes: [Attribute] = []
  package internal(set) var isSelfClosing = false

  package subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
}
