/// Lists.
extension HTMLWriter {
  mutating func writeList(_ place: Int) throws {
    let node = document.nodes[place]
    guard cells == 0 else {
      try visitChildren(place)
      inlines.space()
      return
    }
    let isOrdered = node.name == "ol"
    // Two lists after each other would be read as one, did they have the same marks.
    // Three items that begin in one line would be read as a break, did they have the same marks and no text.
    let usesOther =
      layout.isAtPrefix
      ? otherMarks.last == false : lastList.map { $0.isOrdered == isOrdered && !$0.usesOther } ?? false
    otherMarks.append(usesOther)
    defer { otherMarks.removeLast() }
    let number = isOrdered ? min(max(Int(node["start"] ?? "") ?? 1, 0), 999_999_999) : 1
    let isTight = isTightList(place)
    if isPlain || mayInterrupt(place, number) { separate() } else { layout.block() }
    tight.append(isTight)
    try writeItems(of: place, from: number, isOrdered, usesOther)
    tight.removeLast()
    lastList = (isOrdered, usesOther)
  }

  private mutating func writeItems(of list: Int, from first: Int, _ isOrdered: Bool, _ usesOther: Bool) throws {
    var number = first
    var isFirst = true
    var hasItem = false
    var wasStray = false
    for item in document.children(of: list) {
      if document.nodes[item].name == "li" {
        if !isFirst, wasStray { layout.block() } else if !isFirst { separate() }
        try writeItem(item, mark(number, isOrdered, usesOther))
        wasStray = false
        number = min(number + 1, 999_999_999)
        hasItem = true
      } else if hasItem, ["ul", "ol"].contains(document.nodes[item].name) {
        try writeStrayList(item, isOrdered)
      } else if !isBlank(item) {
        try writeStray(item)
        wasStray = true
      } else {
        continue
      }
      isFirst = false
    }
  }

  private func mark(_ number: Int, _ isOrdered: Bool, _ usesOther: Bool) -> String {
    isOrdered ? "\(number)" + (usesOther && !isPlain ? ") " : ". ") : usesOther && !isPlain ? "* " : "- "
  }

  /// Whether the list is read as one right after a line of text (CommonMark 0.31, section 5.2).
  private func mayInterrupt(_ list: Int, _ number: Int) -> Bool {
    guard number == 1, let first = document.children(of: list).first(where: { !isBlank($0) }) else { return false }
    return document.hasText(first)
  }

  private mutating func writeItem(_ item: Int, _ mark: String) throws {
    layout.push(first: mark, rest: String(repeating: " ", count: mark.utf8.count))
    lastList = nil
    try visitChildren(item)
    flush()
    layout.pop()
  }

  /// A list directly in a list belongs to the item before it.
  private mutating func writeStrayList(_ list: Int, _ isOrdered: Bool) throws {
    let indent = String(repeating: " ", count: isOrdered ? 3 : 2)
    separate()
    layout.push(first: indent, rest: indent)
    lastList = nil
    try writeList(list)
    layout.pop()
  }

  /// What is in no item stands between them.
  private mutating func writeStray(_ place: Int) throws {
    tight.append(false)
    try visit(place)
    flush()
    tight.removeLast()
  }

  private func isBlank(_ place: Int) -> Bool {
    document.nodes[place].isText && document.text[document.nodes[place].text].allSatisfy(ASCII.isSpace)
  }

  /// Whether all items hold a line of text and lists at most.
  private func isTightList(_ list: Int) -> Bool {
    document.children(of: list).allSatisfy { item in
      guard document.nodes[item].name == "li" else { return true }
      var hasList = false
      return document.children(of: item).allSatisfy { child in
        let node = document.nodes[child]
        if ["ul", "ol"].contains(node.name) {
          hasList = true
          return true
        }
        return isBlank(child) || (HTMLElements.inline.contains(node.name) && !hasList)
      }
    }
  }
}
