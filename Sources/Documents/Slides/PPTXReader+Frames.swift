/// Tables and diagrams of a slide.
extension PPTXReader {
  mutating func readFrame(_ reader: PartReader) throws {
    try reader.children { element in
      switch element.name {
      case "graphic", "graphicData", "AlternateContent", "Choice": try readFrame(reader)
      case "tbl": try readTable(reader)
      case "relIds": try readDiagram(element[prefixed: "dm"])
      default: return
      }
    }
  }

  private mutating func readTable(_ reader: PartReader) throws {
    var table = DocumentTable()
    try reader.children { element in
      switch element.name {
      case "tblPr": table.hasHead = element.flag("firstRow") ?? false
      case "tr":
        table.startRow()
        try reader.children { element in
          guard element.name == "tc" else { return }
          // Cells that another stands on are there as well (21.1.3.16).
          if element.flag("hMerge") ?? false { return }
          let columns = element.count("gridSpan", atMost: 1000)
          if element.flag("vMerge") ?? false { return table.skip(columns: columns) }
          let rows = element.count("rowSpan", atMost: 1000)
          table.add(.init(html: try readCell(reader), columns: columns, rows: rows))
        }
      default: return
      }
    }
    page.put(blocks: table.html)
  }

  private mutating func readCell(_ reader: PartReader) throws -> [UInt8] {
    let outer = page
    page = DocumentPage()
    try reader.children { element in
      if element.name == "txBody" { try readParagraphs(reader, isTitle: false, isList: false) }
    }
    let html = page.finish(isCell: true)
    page = outer
    return html
  }

  /// The texts of a diagram's points, as a list (ISO/IEC 29500-1, 21.4).
  private mutating func readDiagram(_ id: String?) throws {
    guard let target = relations[id], !target.isExternal else { return }
    try parts.readIfSound(target.place) { reader in
      try reader.root { element in
        guard element.name == "ptLst" else { return }
        try reader.children { element in
          guard element.name == "pt" else { return }
          try reader.children { element in
            if element.name == "t" { try readParagraphs(reader, isTitle: false, isList: true) }
          }
        }
      }
    }
  }
}
