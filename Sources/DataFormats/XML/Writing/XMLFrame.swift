/// An element or array that a writer is in.
struct XMLFrame {
  let isArray: Bool
  /// The array has an element of its own around it.
  let ownsElement: Bool
  /// The name as it was told: the element's own, or that of an array's values.
  let name: [UInt8]
  /// The start tag has not been written yet.
  var isTagDue: Bool
  /// The name as it was written.
  var tagName = ""
  /// Where its start tag's `>` stands on the page, as long as that is there.
  var tagEnd: Int?
  /// The attributes that have not been written yet.
  var attributes: [(name: String, value: [UInt8])] = []
  /// The names of all of them.
  var attributeNames: Set<ExactName> = []
  /// The prefixes that it declares.
  var prefixes: [ExactName] = []
  /// The text, which stands behind its elements.
  var text: [UInt8] = []
  var hasElements = false

  init(element name: [UInt8]) {
    self.name = name
    (isArray, ownsElement, isTagDue) = (false, false, true)
  }

  init(elementsOf name: [UInt8], ownsElement: Bool) {
    self.name = name
    self.ownsElement = ownsElement
    (isArray, isTagDue) = (true, false)
  }
}
