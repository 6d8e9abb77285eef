import DataFormats
import XCTest

final class XMLLimitsTests: XCTestCase {
  private func kind(_ text: String, _ change: (inout XMLLimits) -> Void = { _ in }) -> DataFault.Kind? {
    var limits = XMLLimits()
    change(&limits)
    let parser = XMLParser(ByteFeed(Array(text.utf8)), limits: limits)
    do {
      while try parser.next() != nil {}
      return nil
    } catch { return (error as? DataFault)?.kind }
  }

  func testLimits_HoldEverythingThatCanGrow() {
    let text = "<a b='1' c='22'>12345<d/></a>"
    XCTAssertNil(kind(text))
    XCTAssertEqual(kind(text) { $0.depth = 1 }, .tooLarge)
    XCTAssertEqual(kind(text) { $0.attributes = 1 }, .tooLarge)
    XCTAssertEqual(kind(text) { $0.names = 3 }, .tooLarge)
    XCTAssertEqual(kind(text) { $0.bytes = 2 }, .tooLarge)
    XCTAssertEqual(kind("<a><abc/></a>") { $0.nameLength = 2 }, .tooLarge)
    XCTAssertEqual(kind("<a><!--123--></a>") { $0.bytes = 2 }, .tooLarge)
  }

  func testLimits_RefuseNestingAndAttributesBeforeTheyCostMuch() {
    XCTAssertEqual(kind(String(repeating: "<a>", count: 100_000)), .tooLarge)
    XCTAssertEqual(kind("<a " + (0..<20_000).map { "a\($0)='' " }.joined() + "/>"), .tooLarge)
    XCTAssertEqual(kind("<!DOCTYPE a [<!ELEMENT a " + String(repeating: "(", count: 100_000)), .tooLarge)
  }

  func testParser_ReadsAcrossThePiecesOfAFile() throws {
    let name = String(repeating: "é", count: 3000)
    let line = "<\(name) a='\(name)\r\n'>x\r\n<![CDATA[]]]><!--é--><?p é?>&#233;</\(name)>\r\n"
    let text = "<a>" + String(repeating: line, count: 60) + "</a>"
    let parser = XMLParser(ByteFeed(Array(text.utf8)))
    var starts = 0
    while let event = try parser.next() {
      if case .start(name, let attributes) = event {
        starts += 1
        XCTAssertEqual(attributes, [.init("a", name + " ")])
      }
    }
    XCTAssertEqual(starts, 60)
  }
}
