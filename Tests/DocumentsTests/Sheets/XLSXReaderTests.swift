import DataFormats
import XCTest

@testable import Documents

final class XLSXReaderTests: XCTestCase {
  private func book(_ rows: String, date1904: Bool = false) -> DocumentParts {
    SampleDocument.parts([
      "xl/workbook.xml": """
      <workbook xmlns:r="r"><workbookPr date1904="\(date1904)"/><sheets><sheet name="Eins" r:id="a"/>\
      <sheet name="Zwei" r:id="b" state="hidden"/></sheets></workbook>
      """,
      "xl/_rels/workbook.xml.rels": """
      <R><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/>\
      <Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet2.xml"/></R>
      """,
      "xl/sharedStrings.xml": """
      <sst><si><t>a_x000D_b</t></si><si><r><t>c</t></r><rPh><t>no</t></rPh><r><t>d</t></r></si></sst>
      """,
      "xl/styles.xml": """
      <styleSheet><numFmts><numFmt numFmtId="200" formatCode="[$-409]d\\-mmm;@"/><numFmt numFmtId="201" \
      formatCode="0&quot;day&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>\
      <xf numFmtId="21"/><xf numFmtId="200"/><xf numFmtId="201"/></cellXfs></styleSheet>
      """,
      "xl/worksheets/sheet1.xml": "<worksheet><sheetData>\(rows)</sheetData></worksheet>",
      "xl/worksheets/sheet2.xml": #"<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>"#,
    ])
  }

  private func rows(_ xml: String, date1904: Bool = false) throws -> [(Int, [SheetValue])] {
    var rows: [(Int, [SheetValue])] = []
    try XLSXReader(book(xml, date1904: date1904)).rows(of: 0) { rows.append(($0, $1)) }
    return rows
  }

  func testReader_TellsTypesAndPlaces() throws {
    let found = try rows(
      """
      <row r="2"><c r="B2" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>\
      <c><f>1+1</f><v>2.0</v></c><c t="inlineStr"><is><t>in</t></is></c><c t="str"><v>f</v></c></row><row r="4"/>
      """)
    XCTAssertEqual(found.count, 1)
    XCTAssertEqual(found.first?.0, 1)
    XCTAssertEqual(
      found.first?.1,
      [.empty, .text("a\rb"), .text("cd"), .bool(true), .error("#N/A"), .number("2"), .text("in"), .text("f")])
  }

  func testReader_TellsDatesByFormatAndCalendar() throws {
    func cells(_ cells: [(style: Int, value: String)]) -> String {
      "<row>" + cells.map { "<c s=\"\($0.style)\"><v>\($0.value)</v></c>" }.joined() + "</row>"
    }
    let first = try rows(
      cells([(1, "1"), (1, "59"), (1, "61"), (2, "45351.5"), (3, "0.75"), (4, "45351"), (5, "3"), (1, "-1")]))
    XCTAssertEqual(
      first.first?.1,
      [
        .moment("1900-01-01"), .moment("1900-02-28"), .moment("1900-03-01"), .moment("2024-02-29T12:00:00"),
        .moment("18:00:00"), .moment("2024-02-29"), .number("3"), .number("-1"),
      ])
    XCTAssertEqual(try rows(cells([(1, "1")]), date1904: true).first?.1, [.moment("1904-01-02")])
  }

  func testReader_WritesNumbersAsJSONWould() throws {
    let texts = ["0.1", "1E3", "0.30000000000000004", "12", "-0", "007", "1e400", "1.50", "."]
    let found = try rows("<row>" + texts.map { "<c><v>\($0)</v></c>" }.joined() + "</row>")
    XCTAssertEqual(
      found.first?.1,
      [
        .number("0.1"), .number("1000"), .number("0.30000000000000004"), .number("12"), .number("0"), .number("7"),
        .text("1e400"), .number("1.5"), .text("."),
      ])
  }

  func testCSV_PadsRowsAndQuotesWhereItMust() throws {
    let parts = book(
      """
      <row r="1"><c t="inlineStr"><is><t>a"b</t></is></c></row><row r="3"><c r="C3"><v>1</v></c></row>
      """)
    var csv: [UInt8] = []
    try DocumentReader(.xlsx, parts).writeSheet(nil, CSVDialect(), to: ByteDrain { csv += $0 })
    XCTAssertEqual(String(decoding: csv, as: UTF8.self), "\"a\"\"b\",,\r\n,,\r\n,,1\r\n")
  }

  func testJSON_NamesMembersByTheFirstRowOnce() throws {
    let parts = book(
      """
      <row><c t="str"><v>a</v></c><c t="str"><v>a</v></c><c/><c t="str"><v>d</v></c></row><row><c><v>1</v></c></row>
      """)
    var tree = DataTree()
    try DocumentReader(.xlsx, parts).tellSheets(nil, hasHeader: true, to: &tree)
    let members: [DataValue.Member] = [
      .init("a", .scalar(.number("1"))), .init("a_2", .scalar(.null)), .init("C", .scalar(.null)),
      .init("d", .scalar(.null)),
    ]
    XCTAssertEqual(tree.values, [.array([.object(members)])])
  }

  func testChoice_TakesNamesAndNumbersAndRefusesOthers() throws {
    let workbook = try XLSXReader(book(""))
    XCTAssertEqual(try SheetChoice.all.places(in: workbook, hidden: false), [0])
    XCTAssertEqual(try SheetChoice.all.places(in: workbook, hidden: true), [0, 1])
    XCTAssertEqual(try SheetChoice.one("Zwei").places(in: workbook, hidden: false), [1])
    XCTAssertEqual(try SheetChoice.one("2").places(in: workbook, hidden: false), [1])
    XCTAssertThrowsError(try SheetChoice.one("3").places(in: workbook, hidden: false)) {
      XCTAssertEqual(($0 as? DataFault)?.problem, "the workbook has no sheet 3; it has ‘Eins’, ‘Zwei’")
    }
  }

  func testReader_BearsRowsOfAnyNumber() throws {
    XCTAssertEqual(try rows(#"<row r="-9223372036854775808"><c><v>1</v></c></row>"#).first?.0, 0)
  }

  func testSheets_AreNoMoreTextThanMayBeHeld() throws {
    let cell = #"<c t="s"><v>0</v></c>"#
    let row = "<row>" + String(repeating: cell, count: 100) + "</row>"
    var limits = DocumentLimits()
    limits.partBytes = 6000
    let text = String(repeating: "a", count: 1000)
    let parts = SampleDocument.parts(
      [
        "xl/workbook.xml": #"<workbook><sheets><sheet name="A"/></sheets></workbook>"#,
        "xl/sharedStrings.xml": "<sst><si><t>\(text)</t></si></sst>",
        "xl/worksheets/sheet1.xml": "<worksheet><sheetData>\(row)</sheetData></worksheet>",
      ], limits: limits)
    XCTAssertThrowsError(try DocumentReader(.xlsx, parts).blocks()) {
      XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge)
    }
  }

  func testReader_RefusesPlacesBeyondASheet() throws {
    XCTAssertThrowsError(try rows(#"<row><c r="ZZZZZZZZZZZZ1"><v>1</v></c></row>"#))
    XCTAssertThrowsError(try rows(#"<row r="9223372036854775807"><c><v>1</v></c></row>"#))
  }
}
