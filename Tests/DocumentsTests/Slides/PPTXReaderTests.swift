import XCTest

@testable import Documents

final class PPTXReaderTests: XCTestCase {
  private func slide(_ shapes: String, _ attributes: String = "") -> String {
    """
    <p:sld xmlns:p="p" xmlns:a="a" \(attributes)><p:cSld><p:spTree>\(shapes)</p:spTree></p:cSld></p:sld>
    """
  }

  private func shape(_ place: String, _ paragraphs: String) -> String {
    "<p:sp><p:nvSpPr><p:nvPr>\(place)</p:nvPr></p:nvSpPr><p:txBody>\(paragraphs)</p:txBody></p:sp>"
  }

  private func paragraph(_ text: String, _ properties: String = "") -> String {
    "<a:p>\(properties)<a:r><a:t>\(text)</a:t></a:r></a:p>"
  }

  private func show(_ first: String, _ second: String) -> KeyValuePairs<String, String> {
    [
      "ppt/presentation.xml":
        #"<p:p xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="9" r:id="a"/></p:sldIdLst></p:p>"#,
      "ppt/_rels/presentation.xml.rels":
        #"<R><Relationship Id="a" Target="slides/s1.xml"/><Relationship Id="b" Target="/ppt/slides/s2.xml"/></R>"#,
      "ppt/slides/s1.xml": first, "ppt/slides/s2.xml": second,
      "ppt/slides/_rels/s1.xml.rels": #"<R><Relationship Id="n" Type="x/notesSlide" Target="../notes/n1.xml"/></R>"#,
      "ppt/notes/n1.xml": slide(
        shape(#"<p:ph type="sldImg"/>"#, paragraph("no")) + shape(#"<p:ph type="body"/>"#, paragraph("say this"))),
    ]
  }

  func testReader_GoesBySlidesInOrderWithTitlesListsAndNotes() throws {
    let first = slide(
      shape(#"<p:ph idx="1"/>"#, paragraph("item") + paragraph("deeper", #"<a:pPr lvl="1"/>"#))
        + shape(#"<p:ph type="title"/>"#, paragraph("Title")) + shape("", paragraph("free"))
        + shape(#"<p:ph type="sldNum"/>"#, paragraph("7")))
    let blocks = try SampleDocument.blocks(.pptx, show(first, slide(shape("", paragraph("begin")))))
    XCTAssertEqual(
      try SampleDocument.write(blocks, .markdown),
      "## Slide 1\n\nbegin\n\n## Title\n\n- item\n  - deeper\n\nfree\n\n### Notes\n\nsay this\n")
  }

  func testReader_LeavesHiddenSlidesOutUnlessAsked() throws {
    let parts = show(slide(shape("", paragraph("shown"))), slide(shape("", paragraph("secret")), #"show="0""#))
    XCTAssertFalse(try SampleDocument.blocks(.pptx, parts).contains("secret"))
    var options = DocumentOptions()
    options.showsHidden = true
    options.showsNotes = false
    let all = try SampleDocument.blocks(.pptx, parts, options)
    XCTAssertTrue(all.contains("secret"))
    XCTAssertFalse(all.contains("say this"))
  }

  func testReader_WritesTablesWithMergedCells() throws {
    func cell(_ text: String, _ attributes: String = "") -> String {
      "<a:tc \(attributes)><a:txBody>\(paragraph(text))</a:txBody></a:tc>"
    }
    let table = """
      <p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/><a:tr>\(cell("a", #"gridSpan="2""#))\
      \(cell("", #"hMerge="1""#))</a:tr><a:tr>\(cell("b"))\(cell("c"))</a:tr></a:tbl></a:graphicData></a:graphic>\
      </p:graphicFrame>
      """
    let blocks = try SampleDocument.blocks(.pptx, show(slide(table), slide("")))
    XCTAssertTrue(
      blocks.contains("<tr><th colspan=\"2\">a</th></tr>\n<tr><td>b</td><td>c</td></tr>"), blocks)
  }
}
