/// Lists.
extension ODFReader {
  mutating func readList(_ list: PartElement, _ reader: PartReader, level: Int, style outer: String?) throws {
    let style = list["text:style-name"] ?? outer
    let start = styles.start(ofList: style, level: level)
    if level == 0 { listCount += 1 }
    let goesOn = list["text:continue-numbering"] == "true" || list["text:continue-list"] != nil
    var number = level == 0 && goesOn ? lastNumber + 1 : start ?? 1
    try reader.children { element in
      guard element.fullName == "text:list-item" || element.fullName == "text:list-header" else { return }
      if let own = element.number("text:start-value") { number = own }
      try readItem(reader, level: level, style: style, isOrdered: start != nil, number: number)
      if element.fullName == "text:list-item" {
        if level == 0 { lastNumber = number }
        number = number == .max ? number : number + 1
      }
    }
    if level == 0 { page.endLists() }
  }

  private mutating func readItem(
    _ reader: PartReader, level: Int, style: String?, isOrdered: Bool, number: Int
  ) throws {
    var isBegun = false
    try reader.children { element in
      switch element.fullName {
      case "text:p", "text:h":
        let item = Item(
          level: level, isOrdered: isOrdered, number: number, identity: listCount, isBegun: isBegun)
        let heading = element.name == "h" ? element.number("text:outline-level") ?? 1 : nil
        try readParagraph(element, reader, as: heading, in: item)
        isBegun = true
      case "text:list": try readList(element, reader, level: level + 1, style: style)
      default: try readBlock(element, reader)
      }
    }
  }
}
