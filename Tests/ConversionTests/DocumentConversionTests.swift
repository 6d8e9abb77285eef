import Basics
import Formats
import XCTest

@testable import Conversion

/// Workbooks of data and back, and office documents as the catalogue offers them.
final class DocumentConversionTests: XCTestCase {
  private func text(_ file: TestFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

  func testWorkbook_OfTableAndBack_KeepsTypes() throws {
    let csv = try TestFile(Array("a,b,c\n1.5,2024-02-29,007\n,true,\"x\ny\"\n".utf8))
    let book = try convert(csv, from: .csv, to: .xlsx).file
    XCTAssertEqual(try Sniffer.type(ofFile: book.descriptor).best, .xlsx)
    XCTAssertEqual(
      try text(convert(book, from: .xlsx, to: .csv).file),
      "a,b,c\r\n1.5,2024-02-29,007\r\n,TRUE,\"x\ny\"\r\n")
    let json = try JSONReader.parse(convert(book, from: .xlsx, to: .json).file.bytes)
    XCTAssertEqual(json[0]?["a"], .number(1.5))
    XCTAssertEqual(json[1]?["b"], .boolean(true))
    XCTAssertEqual(
      try text(convert(book, from: .xlsx, to: .md).file),
      "## Sheet1\n\n| a | b | c |\n| --- | --- | --- |\n| 1.5 | 2024-02-29 | 007 |\n| | TRUE | x y |\n")
  }

  func testWorkbook_TellsPropertiesWhereAsked() throws {
    let book = try convert(TestFile(Array("[1]".utf8)), from: .json, to: .xlsx).file
    let facts = try JSONReader.parse(convert(book, from: .xlsx, to: .json, ["properties": "true"]).file.bytes)
    XCTAssertEqual(facts["format"]?.string, "xlsx")
    XCTAssertEqual(facts["sheets"]?[0]?["name"]?.string, "Sheet1")
  }

  func testDocument_ThatIsNone_IsRefusedWithASentence() throws {
    let file = try TestFile()
    let archive = try PackOutput(.zip, file.descriptor)
    for name in ["[Content_Types].xml", "word/a.xml"] {
      try archive.add(name, size: 1, at: nil, from: ContentSource([0x3C]))
    }
    _ = try archive.finish()
    XCTAssertThrowsError(try convert(file, from: .docx, to: .txt)) { error in
      let failure = error as? ConversionFailure
      XCTAssertEqual(failure?.code, .damagedFile)
      XCTAssertTrue(failure?.message.contains("word/document.xml") ?? false, failure?.message ?? "")
    }
  }

  func testCatalogue_ReadsTextByItselfAndLeavesLooksToPrograms() {
    let mills = [Mill(.docx, .pdf, 40), Mill(.md, .odt, 12), Mill(.docx, .odt, 40), Mill(.docx, .md, 40)]
    let catalogue = Catalogue(makers: Makers.builtIn + mills, found: Toolbox(paths: ["mill": "/bin/sh"]))
    func path(_ from: Format, _ to: Format) -> [String]? {
      catalogue.path(from: from, to: to, options: ConversionOptions())?.map(\.maker.name)
    }
    XCTAssertEqual(path(.docx, .md), ["built in"])
    XCTAssertEqual(path(.docx, .pdf), ["mill"])
    XCTAssertEqual(path(.docx, .odt), ["mill"])
    XCTAssertEqual(path(.xlsx, .yaml), ["built in", "built in"])
  }

  func testText_IsTakenForAPageOrAMailOnlyWhereItsNameSaysSo() {
    let catalogue = Catalogue(makers: Makers.builtIn)
    let type = Sniffer.type(of: Array("Fish &amp; chips".utf8))
    XCTAssertEqual(catalogue.source(type, named: "a.html", to: .md), .html)
    XCTAssertEqual(catalogue.source(type, named: "a.eml", to: .md), .eml)
    XCTAssertEqual(catalogue.source(type, named: "a.txt", to: .md), .txt)
    XCTAssertEqual(catalogue.source(type, named: "a.txt", to: .json), .csv)
  }
}

/// A program that makes one format of another.
private struct Mill: Tool {
  let program = Program("mill", package: "mill")
  let lane = Lane.office
  let name = "mill"
  let offers: [Offer]

  init(_ from: Format, _ to: Format, _ cost: Int) { offers = [Offer(from: [from], to: [to], cost: cost)] }

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? { nil }
  func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [] }
}
