/// The parts around the sheets of a workbook (ISO/IEC 29500-1, 12.3; 29500-2, 6).
enum WorkbookFrame {
  private static let head: StaticString = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"

  static func parts(_ names: [String]) -> [(name: String, bytes: [UInt8])] {
    let numbers = 1...max(1, names.count)
    let sheetTypes = numbers.map {
      "<Override PartName=\"/xl/worksheets/sheet\($0).xml\" ContentType=\"\(type).worksheet+xml\"/>"
    }
    let types =
      "<Types xmlns=\"\(package)/content-types\"><Default Extension=\"rels\" "
      + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(type).sheet.main+xml\"/>"
      + "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(type).styles+xml\"/>" + sheetTypes.joined() + "</Types>"
    let relations = numbers.map { relation("rId\($0)", "worksheet", "worksheets/sheet\($0).xml") }
    return [
      ("[Content_Types].xml", part(types)),
      ("_rels/.rels", part(relations: relation("rId1", "officeDocument", "xl/workbook.xml"))),
      ("xl/workbook.xml", part(workbook(names))),
      (
        "xl/_rels/workbook.xml.rels",
        part(relations: relations.joined() + relation("rId\(names.count + 1)", "styles", "styles.xml"))
      ),
      ("xl/styles.xml", part(styles)),
    ]
  }

  static func sheet(_ rows: [UInt8]) -> [UInt8] {
    part("<worksheet xmlns=\"\(spreadsheet)\"><sheetData>\n") + rows + Array("</sheetData></worksheet>\n".utf8)
  }

  private static func part(_ xml: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.put(head)
    bytes.put(xml)
    return bytes
  }

  private static func part(relations: String) -> [UInt8] {
    part("<Relationships xmlns=\"\(package)/relationships\">\(relations)</Relationships>")
  }

  private static func relation(_ id: String, _ kind: String, _ target: String) -> String {
    "<Relationship Id=\"\(id)\" Type=\"\(document)/\(kind)\" Target=\"\(target)\"/>"
  }

  private static func workbook(_ names: [String]) -> String {
    var sheets: [UInt8] = []
    for (index, name) in names.enumerated() {
      sheets.put("<sheet name=\"")
      sheets.put(escaping: name)
      sheets.put("\" sheetId=\"\(index + 1)\" r:id=\"rId\(index + 1)\"/>")
    }
    return "<workbook xmlns=\"\(spreadsheet)\" xmlns:r=\"\(document)\"><sheets>"
      + String(decoding: sheets, as: UTF8.self) + "</sheets></workbook>"
  }

  /// One font, fill and border, for nothing may be missing; then plain cells, dates, and dates with times.
  private static var styles: String {
    "<styleSheet xmlns=\"\(spreadsheet)\"><numFmts count=\"2\">"
      + "<numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
      + "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
      + "<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
      + "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
      + "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
      + "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
      + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
      + "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
      + [164, 165].map {
        "<xf numFmtId=\"\($0)\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
      }.joined()
      + "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
      + "</styleSheet>"
  }
}
