import DataFormats
import XCTest

@testable import Documents

final class DOCXReaderTests: XCTestCase {
  func testReader_MakesHeadingsOfStylesByNameLevelAndBase() throws {
    let styles = """
      <w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="a"><w:name w:val="Heading 2"/></w:style>\
      <w:style w:type="paragraph" w:styleId="b"><w:name w:val="Own"/><w:basedOn w:val="a"/></w:style>\
      <w:style w:type="paragraph" w:styleId="c"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>
      """
    let body = ["a", "b", "c"].map {
      #"<w:p><w:pPr><w:pStyle w:val="\#($0)"/></w:pPr><w:r><w:t>\#($0)</w:t></w:r></w:p>"#
    }
    XCTAssertEqual(
      try SampleDocument.docx(body.joined(), ["word/styles.xml": styles]), "<h2>a</h2>\n<h2>b</h2>\n<h1>c</h1>\n")
  }

  func testReader_SetsOffRunsAndKeepsBlanksOutsideOfStyles() throws {
    let body = """
      <w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>\
      <w:r><w:rPr><w:i/><w:b w:val="0"/></w:rPr><w:t>b &lt;</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>\
      <w:r><w:br/><w:t>c</w:t><w:tab/><w:noBreakHyphen/><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>
      """
    XCTAssertEqual(
      try SampleDocument.docx(body),
      "<p><strong>a</strong> <em>b &lt;<br /></em>c\t\u{2011}α</p>\n")
  }

  func testReader_KeepsInsertionsAndDropsDeletionsAndComments() throws {
    let body = """
      <w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>\
      <w:moveFrom><w:r><w:t>from</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> to</w:t></w:r></w:moveTo>\
      <w:r><w:commentReference w:id="1"/></w:r></w:p>
      <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>one </w:t></w:r></w:p><w:p><w:r><w:t>line</w:t></w:r></w:p>
      """
    XCTAssertEqual(try SampleDocument.docx(body), "<p>new to</p>\n<p>one line</p>\n")
  }

  func testReader_MakesListsOfNumberingByLevel() throws {
    let numbering = """
      <w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="3"/>\
      <w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>\
      <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>
      """
    func item(_ text: String, _ level: Int) -> String {
      """
      <w:p><w:pPr><w:numPr><w:ilvl w:val="\(level)"/><w:numId w:val="1"/></w:numPr></w:pPr>\
      <w:r><w:t>\(text)</w:t></w:r></w:p>
      """
    }
    let body = item("a", 0) + item("b", 1) + item("c", 0) + "<w:p><w:r><w:t>t</w:t></w:r></w:p>" + item("d", 0)
    let blocks = try SampleDocument.docx(body, ["word/numbering.xml": numbering])
    XCTAssertEqual(
      try SampleDocument.write(blocks, .markdown), "3. a\n   - b\n4. c\n\nt\n\n5. d\n")
  }

  func testReader_FollowsLinksThatAreSafeAlone() throws {
    let relations = """
      <Relationship Id="h" Type="x/hyperlink" Target="https://a.example/?a&amp;b" TargetMode="External"/>\
      <Relationship Id="j" Type="x/hyperlink" Target="javascript:alert(1)" TargetMode="External"/>
      """
    let body = """
      <w:p><w:hyperlink r:id="h"><w:r><w:t>a</w:t></w:r></w:hyperlink><w:hyperlink r:id="j"><w:r><w:t>b</w:t></w:r>\
      </w:hyperlink><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "http://c.example" \
      </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>c</w:t></w:r>\
      <w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
      """
    XCTAssertEqual(
      try SampleDocument.docx(body, relations: relations),
      #"<p><a href="https://a.example/?a&amp;b">a</a>b<a href="http://c.example">c</a></p>"# + "\n")
  }

  func testReader_MergesCellsOfTables() throws {
    func cell(_ text: String, _ properties: String = "") -> String {
      "<w:tc><w:tcPr>\(properties)</w:tcPr><w:p><w:r><w:t>\(text)</w:t></w:r></w:p></w:tc>"
    }
    let body = """
      <w:tbl><w:tr>\(cell("a", #"<w:vMerge w:val="restart"/>"#))\(cell("b", #"<w:gridSpan w:val="2"/>"#))</w:tr>\
      <w:tr>\(cell("", "<w:vMerge/>"))\(cell("c"))\(cell("d"))</w:tr></w:tbl>
      """
    let blocks = try SampleDocument.docx(body)
    XCTAssertEqual(
      blocks,
      "<table>\n<tr><td rowspan=\"2\">a</td><td colspan=\"2\">b</td></tr>\n<tr><td>c</td><td>d</td></tr>\n</table>\n")
    XCTAssertEqual(
      try SampleDocument.write(blocks, .markdown), "| a | b | |\n| --- | --- | --- |\n| | c | d |\n")
  }

  func testReader_PutsNotesBehindTheTextOnce() throws {
    let notes = """
      <w:footnotes xmlns:w="w"><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>\
      <w:footnote w:id="2"><w:p><w:r><w:t>why</w:t></w:r></w:p></w:footnote></w:footnotes>
      """
    let body = """
      <w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="2"/><w:footnoteReference w:id="2"/></w:r></w:p>
      """
    let blocks = try SampleDocument.docx(
      body, ["word/footnotes.xml": notes],
      relations: #"<Relationship Id="f" Type="x/footnotes" Target="footnotes.xml"/>"#)
    XCTAssertEqual(try SampleDocument.write(blocks, .text), "a[1][1]\n\n[1] why\n")
  }

  func testReader_TakesBoxesOfTextOnceBehindTheirParagraph() throws {
    let box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    let body = """
      <w:p><w:r><w:t>a</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing>\(box)</w:drawing>\
      </mc:Choice><mc:Fallback><w:pict>\(box)</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>b</w:t></w:r></w:p>
      """
    XCTAssertEqual(try SampleDocument.docx(body), "<p>ab</p>\n<p>box</p>\n")
  }

  func testReader_RefusesDamagedTextWithPartAndLine() throws {
    XCTAssertThrowsError(try SampleDocument.docx("<w:p>\n</w:q>")) { error in
      let fault = error as? DataFault
      XCTAssertEqual(fault?.line, 2)
      XCTAssertTrue(fault?.problem.hasSuffix("(in word/document.xml)") ?? false)
    }
    XCTAssertThrowsError(try SampleDocument.blocks(.docx, ["a": ""])) { error in
      XCTAssertTrue((error as? DataFault)?.problem.contains("word/document.xml") ?? false)
    }
  }

  func testReader_BoundsDepthAndElements() throws {
    let deep = String(repeating: "<w:sdt>", count: 300)
    XCTAssertThrowsError(try SampleDocument.docx(deep)) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
    var limits = DocumentLimits()
    limits.elements = 100
    let body = String(repeating: "<p/>", count: 200)
    let parts = SampleDocument.parts(["word/document.xml": "<d><body>\(body)</body></d>"], limits: limits)
    XCTAssertThrowsError(try DocumentReader(.docx, parts).blocks()) {
      XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge)
    }
  }
}
