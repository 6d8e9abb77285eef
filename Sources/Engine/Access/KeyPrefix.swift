/// What the text of a secret key may begin with, by the habit of one of the APIs.
package struct KeyPrefix: Sendable {
  package let text: String
  /// Whose habit it is.
  package let title: String

  package init(_ text: String, title: String) {
    self.text = text
    self.title = title
  }
}
