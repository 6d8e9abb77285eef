/// A name that is the same as another only where every code point is.
///
/// Swift's strings are equal by canonical equivalence, under which é in one code point and in two are one name; the
/// formats know no such thing (RFC 8259 section 8.3).
package struct ExactName: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: ExactName, other: ExactName) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
