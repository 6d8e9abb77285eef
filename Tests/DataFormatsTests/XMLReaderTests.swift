import DataFormats
import XCTest

final class XMLReaderTests: XCTestCase {
  private func read(
    _ text: String, limits: DataLimits = DataLimits(), options: XMLReader.Options = XMLReader.Options()
  ) throws -> String {
    var sink = PlainText()
    try XMLReader(limits: limits, options: options).read(ByteFeed(Array(text.utf8)), into: &sink)
    return sink.text
  }

  func testReader_KeepsTheConventions() throws {
    for (document, expected) in [
      ("<a b='c'>t</a>", "{a:{@b:'c' #text:'t'}}"), ("<a b=''/>", "{a:{@b:''}}"), ("<a/>", "{a:null}"),
      ("<a> \n</a>", "{a:null}"),
      ("<r><i>1</i><i>2</i></r>", "{r:{i:['1' '2']}}"), ("<r> pad </r>", "{r:'pad'}"), ("<r><i/></r>", "{r:{i:null}}"),
      ("<r>mixed <b>bold</b> tail</r>", "{r:{b:'bold' #text:'mixed  tail'}}"),
      ("<r><![CDATA[<x>&]]></r>", "{r:'<x>&'}"),
      ("<r>a<!--c-->b<?p?>c</r>", "{r:'abc'}"), ("<r><a/><b/><a>x</a></r>", "{r:{a:[null 'x'] b:null}}"),
      ("<r><a><x/><y/><x/></a><a/></r>", "{r:{a:[{x:[null null] y:null} null]}}"),
      ("<p:r xmlns:p='u'/>", "{p:r:{@xmlns:p:'u'}}"),
    ] {
      XCTAssertEqual(try read(document), expected, document)
    }
  }

  func testReader_LeavesOutASoleRootAndItsItems() throws {
    for (document, expected) in [
      ("<root><a>1</a></root>", "{a:'1'}"), ("<root><item>1</item><item>2</item></root>", "['1' '2']"),
      ("<root/>", "null"),
      ("<root><item><a/></item></root>", "{a:null}"), ("<root>t</root>", "'t'"), ("<root x='1'/>", "{@x:'1'}"),
      ("<root x='1'><item/></root>", "{@x:'1' item:null}"), ("<root><item/>t</root>", "{item:null #text:'t'}"),
      ("<root><item/><b/></root>", "{item:null b:null}"), ("<r><root/></r>", "{r:{root:null}}"),
    ] {
      XCTAssertEqual(try read(document), expected, document)
    }
    var options = XMLReader.Options()
    options.rootName = nil
    XCTAssertEqual(try read("<root><item/></root>", options: options), "{root:{item:null}}")
  }

  func testReader_MergesAttributesAndChildrenWhereThePrefixLetsThemMeet() throws {
    var options = XMLReader.Options()
    options.attributePrefix = ""
    XCTAssertEqual(try read("<r a='1'><a>2</a><b c='3'/></r>", options: options), "{r:{a:['1' '2'] b:{c:'3'}}}")
    options.attributePrefix = "-"
    XCTAssertEqual(try read("<r a='1'><a>2</a></r>", options: options), "{r:{-a:'1' a:'2'}}")
  }

  func testReader_KeepsNamesApartThatOnlyLookAlike() throws {
    XCTAssertEqual(try read("<r><e\u{301}/><é/></r>"), "{r:{e\u{301}:null é:null}}")
  }

  func testReader_HoldsNoMoreThanItsLimit() {
    var limits = DataLimits()
    limits.bytes = 2000
    let scattered = "<r>" + String(repeating: "<a>text</a><b/>", count: 500) + "</r>"
    XCTAssertThrowsError(try read(scattered, limits: limits)) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
    XCTAssertNoThrow(try read("<r>" + String(repeating: "<a>text</a>", count: 500) + "</r>", limits: limits))
  }

  func testReader_TellsNothingOfADocumentThatIsNotWellFormed() {
    var sink = PlainText()
    XCTAssertThrowsError(try XMLReader().read(ByteFeed(Array("<r><a/><b></r>".utf8)), into: &sink))
    XCTAssertEqual(sink.text, "")
  }
}
