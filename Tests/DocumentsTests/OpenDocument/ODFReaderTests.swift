import XCTest

@testable import Documents

final class ODFReaderTests: XCTestCase {
  private func blocks(_ text: String, styles: String = "") throws -> String {
    try SampleDocument.blocks(.odt, SampleDocument.odt("<office:text>\(text)</office:text>", styles: styles))
  }

  func testReader_MakesHeadingsRunsAndLinks() throws {
    let styles = """
      <style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
      """
    let text = """
      <text:h text:outline-level="2">Head</text:h><text:p>a<text:s text:c="2"/><text:span text:style-name="T1">b</text:span>\
      <text:tab/><text:a xlink:href="https://x.example">c</text:a><text:line-break/>d</text:p>
      """
    XCTAssertEqual(
      try blocks(text, styles: styles),
      "<h2>Head</h2>\n<p>a  <strong>b</strong>\t<a href=\"https://x.example\">c</a><br />d</p>\n")
  }

  func testReader_LeavesDeletionsAndCommentsOutAndPutsNotesBehind() throws {
    let text = """
      <text:tracked-changes><text:changed-region><text:deletion><text:p>old</text:p></text:deletion>\
      </text:changed-region></text:tracked-changes><text:p>a<office:annotation><text:p>hm</text:p></office:annotation>\
      <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>why</text:p></text:note-body>\
      </text:note></text:p>
      """
    XCTAssertEqual(try SampleDocument.write(try blocks(text), .text), "a[1]\n\n[1] why\n")
  }

  func testReader_NestsListsByLevelAndStyle() throws {
    let styles = """
      <text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" \
      text:start-value="4"/><text:list-level-style-bullet text:level="2"/></text:list-style>
      """
    let text = """
      <text:list text:style-name="L"><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p>\
      </text:list-item></text:list></text:list-item><text:list-item><text:p>c</text:p></text:list-item></text:list>
      """
    XCTAssertEqual(
      try SampleDocument.write(try blocks(text, styles: styles), .markdown), "4. a\n   - b\n5. c\n")
  }

  func testReader_BearsNumbersOfAnySize() throws {
    let item = #"<text:list-item text:start-value="9223372036854775807"><text:p>a</text:p></text:list-item>"#
    let text = """
      <text:list>\(item)</text:list><text:list text:continue-numbering="true"><text:list-item><text:p>b</text:p>\
      </text:list-item></text:list>
      """
    XCTAssertEqual(try SampleDocument.write(try blocks(text), .text), "- a\n\n- b\n")
  }

  func testReader_WritesTablesAndBoxesOfText() throws {
    let text = """
      <table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2">\
      <text:p>a</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>\
      <table:table-row><table:table-cell><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p>\
      </table:table-cell></table:table-row></table:table><text:p>x<draw:frame><draw:text-box><text:p>box</text:p>\
      </draw:text-box></draw:frame>y</text:p>
      """
    XCTAssertEqual(
      try blocks(text),
      "<table>\n<tr><th colspan=\"2\">a</th></tr>\n<tr><td>b</td><td>c</td></tr>\n</table>\n<p>xy</p>\n<p>box</p>\n")
  }

  func testReader_RefusesDocumentsWithPassword() throws {
    let manifest = """
      <manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="content.xml">\
      <manifest:encryption-data/></manifest:file-entry></manifest:manifest>
      """
    XCTAssertThrowsError(try SampleDocument.blocks(.odt, ["META-INF/manifest.xml": manifest, "content.xml": "?"])) {
      XCTAssertTrue($0 is DocumentLocked)
    }
  }

  func testReader_GoesBySlidesWithTitlesAndNotes() throws {
    let show = """
      <office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Title</text:p>\
      </draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>text</text:p></draw:text-box></draw:frame>\
      <presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>say</text:p></draw:text-box>\
      </draw:frame></presentation:notes></draw:page></office:presentation>
      """
    XCTAssertEqual(
      try SampleDocument.blocks(.odp, SampleDocument.odt(show)),
      "<h2>Title</h2>\n<p>text</p>\n<h3>Notes</h3>\n<p>say</p>\n")
  }

  func testWorkbook_RepeatsCellsWithinLimits() throws {
    let sheet = """
      <office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="2"><table:table-cell \
      office:value-type="float" office:value="1.50" table:number-columns-repeated="2"/><table:table-cell \
      table:number-columns-repeated="16382"/></table:table-row><table:table-row table:number-rows-repeated="1048574">\
      <table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet>
      """
    let workbook = try ODSReader(SampleDocument.parts(SampleDocument.odt(sheet)))
    var rows: [[SheetValue]] = []
    try workbook.rows(of: 0) { rows.append($1) }
    XCTAssertEqual(rows, [[.number("1.5"), .number("1.5")], [.number("1.5"), .number("1.5")]])
  }

  func testWorkbook_TellsTypes() throws {
    let cells = [
      #"office:value-type="date" office:date-value="2024-02-29T00:00:00.000000000""#,
      #"office:value-type="time" office:time-value="PT01H05M00S""#,
      #"office:value-type="boolean" office:boolean-value="true""#,
      #"office:value-type="string" office:string-value="x""#,
    ].map { "<table:table-cell \($0)/>" }
    let sheet = """
      <office:spreadsheet><table:table><table:table-row>\(cells.joined())</table:table-row></table:table>\
      </office:spreadsheet>
      """
    let workbook = try ODSReader(SampleDocument.parts(SampleDocument.odt(sheet)))
    try workbook.rows(of: 0) { _, row in
      XCTAssertEqual(row, [.moment("2024-02-29T00:00:00"), .moment("01:05:00"), .bool(true), .text("x")])
    }
  }
}
