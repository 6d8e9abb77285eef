/// An element or a text of a document, bound to the others by their places in `HTMLDocument.nodes`; -1 is no node.
package struct HTMLNode: Sendable {
  /// The name of an element in small letters; empty for texts and for the document itself.
  package let name: String
  package internal(set) var attributes: [HTMLTag.Attribute] = []
  /// Where a text lies in the document's text.
  package internal(set) var text: Range<Int> = 0..<0
  package internal(set) var parent: Int32 = -1
  package internal(set) var firstChild: Int32 = -1
  package internal(set) var lastChild: Int32 = -1
  package internal(set) var next: Int32 = -1
  package internal(set) var previous: Int32 = -1

  package var isText: Bool { name.isEmpty }

  package subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
}
