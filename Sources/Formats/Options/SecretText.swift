/// A word that opens something, of an option; printing it shows nothing of it.
package struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package var description: String { "secret" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
