/// A document of HTML as a tree; the first node is the document itself, and `html`, `head` and `body` are not in it.
package struct HTMLDocument: Sendable {
  package internal(set) var nodes: [HTMLNode]
  /// The texts of all nodes, UTF-8.
  package internal(set) var text: [UInt8]

  /// The places of the nodes that stand directly in a node.
  package func children(of place: Int) -> [Int] {
    var places: [Int] = []
    var child = nodes[place].firstChild
    while child >= 0 {
      places.append(Int(child))
      child = nodes[Int(child)].next
    }
    return places
  }

  /// The text in a node that a reader sees, as it was written; a line break is a line feed.
  package func text(of place: Int) -> [UInt8] {
    var all: [UInt8] = []
    var isTop = true
    walk(place) { node in
      if node.isText { all += text[node.text] }
      if node.name == "br" { all.append(0x0A) }
      defer { isTop = false }
      return isTop || !HTMLElements.hidden.contains(node.name)
    }
    return all
  }

  /// Whether a node holds text that is not white space.
  func hasText(_ place: Int) -> Bool {
    var isFound = false
    walk(place) { node in
      isFound = isFound || text[node.text].contains { !ASCII.isSpace($0) }
      return !isFound && !HTMLElements.hidden.contains(node.name)
    }
    return isFound
  }

  /// Calls for a node and all in it, in order; what is in a node for which false comes back is left out.
  func walk(_ top: Int, _ visit: (HTMLNode) -> Bool) {
    var place = top
    while true {
      if visit(nodes[place]), nodes[place].firstChild >= 0 {
        place = Int(nodes[place].firstChild)
        continue
      }
      while place != top, nodes[place].next < 0 { place = Int(nodes[place].parent) }
      if place == top { return }
      place = Int(nodes[place].next)
    }
  }

  /// The text of the `title`, its white space as single spaces, or nil.
  package var title: String? {
    guard let place = nodes.firstIndex(where: { $0.name == "title" }) else { return nil }
    let words = text(of: place).split(whereSeparator: ASCII.isSpace)
    return words.isEmpty ? nil : String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
  }
}
