import DataFormats

/// Goes through the elements of one part from the outside to the inside.
final class PartReader {
  private let parser: XMLParser
  private let parts: DocumentParts

  init(_ bytes: [UInt8], _ parts: DocumentParts, entities: [String: String] = [:]) {
    parser = XMLParser(ByteFeed(bytes), limits: parts.limits.xml, entities: entities)
    self.parts = parts
  }

  /// Calls `visit` for each element in the one that has just begun, or for the root, and `text` for the text between
  /// them; what `visit` leaves of an element is passed.
  ///
  /// Throws what the parser and the calls throw.
  func children(text: (String) throws -> Void = { _ in }, _ visit: (PartElement) throws -> Void) throws {
    let outer = parser.depth
    while let event = try parser.next() {
      switch event {
      case .start(let name, let attributes):
        try parts.weigh()
        let inner = parser.depth
        try visit(PartElement(name, attributes))
        if parser.depth >= inner { try parser.skipElement() }
      case .end:
        if parser.depth < outer { return }
      case .text(let piece), .cdata(let piece): try text(piece)
      case .comment, .instruction, .doctype: continue
      }
    }
  }

  /// The root's children.
  func root(_ visit: (PartElement) throws -> Void) throws {
    try children { _ in try children(visit) }
  }

  /// All text in the element that has just begun, except in elements that are named here.
  func text(except left: Set<String> = []) throws -> String {
    var all = ""
    try gather(&all, left)
    return all
  }

  private func gather(_ all: inout String, _ left: Set<String>) throws {
    try children(text: { all += $0 }) { element in
      if !left.contains(element.name) { try gather(&all, left) }
    }
  }
}
