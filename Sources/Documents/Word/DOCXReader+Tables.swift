/// Tables.
extension DOCXReader {
  private struct CellProperties {
    var columns = 1
    /// Nil for a cell of one row; whether one of several begins.
    var begins: Bool?
    var isMergedLeft = false
  }

  mutating func readTable(_ reader: PartReader) throws {
    flushJoined()
    var table = DocumentTable()
    try readRows(reader, &table)
    page.put(blocks: table.html)
  }

  private mutating func readRows(_ reader: PartReader, _ table: inout DocumentTable) throws {
    try reader.children { element in
      switch element.name {
      case "tr": try readRow(reader, &table)
      case "tblPr":
        try reader.children { element in
          guard element.name == "tblLook" else { return }
          let bits = element["val"].flatMap { Int($0, radix: 16) } ?? 0
          if element.flag("firstRow") ?? (bits & 0x20 != 0) { table.hasHead = true }
        }
      case "sdt", "sdtContent", "customXml", "ins", "moveTo": try readRows(reader, &table)
      default: return
      }
    }
  }

  private mutating func readRow(_ reader: PartReader, _ table: inout DocumentTable) throws {
    table.startRow()
    try readCells(reader, &table)
  }

  private mutating func readCells(_ reader: PartReader, _ table: inout DocumentTable) throws {
    try reader.children { element in
      switch element.name {
      case "tc": try readCell(reader, &table)
      case "trPr":
        try reader.children { element in
          if element.name == "gridBefore", let count = element.number("val"), (1...63).contains(count) {
            for _ in 0..<count { table.add(.init()) }
          } else if element.name == "tblHeader", element.isOn, table.rows.count == 1 {
            table.hasHead = true
          }
        }
      case "sdt", "sdtContent", "customXml", "ins", "moveTo": try readCells(reader, &table)
      default: return
      }
    }
  }

  private mutating func readCell(_ reader: PartReader, _ table: inout DocumentTable) throws {
    var properties = CellProperties()
    let html = try readApart(isCell: true) { cell in
      try reader.children { element in
        if element.name == "tcPr" {
          properties = try Self.readProperties(reader)
        } else {
          try cell.readBlock(element, reader)
        }
      }
    }
    if properties.begins == false, table.extend(columns: properties.columns) { return }
    if properties.isMergedLeft, html.isEmpty { return table.add(.init()) }
    table.add(.init(html: html, columns: properties.columns), isOpen: properties.begins ?? false)
  }

  private static func readProperties(_ reader: PartReader) throws -> CellProperties {
    var properties = CellProperties()
    try reader.children { element in
      switch element.name {
      case "gridSpan": properties.columns = element.count("val", atMost: 63)
      case "vMerge": properties.begins = element["val"] == "restart"
      case "hMerge": properties.isMergedLeft = element["val"] != "restart"
      default: return
      }
    }
    return properties
  }
}
