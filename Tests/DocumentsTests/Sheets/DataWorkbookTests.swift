import DataFormats
import XCTest

@testable import Documents

final class DataWorkbookTests: XCTestCase {
  private func read(_ json: String, _ options: DataWorkbook.Options = .init()) throws -> [[[SheetValue]]] {
    var tree = DataTree()
    try JSONDocumentReader().read(ByteFeed(Array(json.utf8)), into: &tree)
    let made = try DataWorkbook.parts(of: tree.values, options)
    let reader = try XLSXReader(DocumentParts(made.map(\.name)) { place, _ in made[place].bytes })
    return try reader.sheets.indices.map { sheet in
      var rows: [[SheetValue]] = []
      try reader.rows(of: sheet) { rows.append($1) }
      return rows
    }
  }

  func testWorkbook_KeepsTypesAndAddsColumnsAsTheyCome() throws {
    let json = #"[{"a":1.5,"b":"2024-02-29"},{"b":true,"c":[1,{"d":null}]},{"a":"<&\u0001_x0041_"}]"#
    XCTAssertEqual(
      try read(json),
      [
        [
          [.text("a"), .text("b"), .text("c")], [.number("1.5"), .moment("2024-02-29")],
          [.empty, .bool(true), .text(#"[1,{"d":null}]"#)], [.text("<&\u{1}_x0041_")],
        ]
      ])
  }

  func testWorkbook_MakesSheetsOfArraysByName() throws {
    XCTAssertEqual(try read(#"{"x":[[1],[2]],"X":["a"]}"#), [[[.number("1")], [.number("2")]], [[.text("a")]]])
    XCTAssertEqual(try read(#"{"x":[1],"y":2}"#), [[[.text("x"), .text("y")], [.text("[1]"), .number("2")]]])
  }

  func testWorkbook_KeepsTextsAndLongNumbersWhereAsked() throws {
    var options = DataWorkbook.Options()
    options.findsTypes = true
    options.hasHeader = false
    let json = #"[{"a":"1","b":"007","c":"true","d":"2024-13-01","e":"12345678901234567890"}]"#
    XCTAssertEqual(
      try read(json, options),
      [[[.number("1"), .text("007"), .bool(true), .text("2024-13-01"), .text("12345678901234567890")]]])
    options.keepsTexts = true
    XCTAssertEqual(try read(#"["1"]"#, options), [[[.text("1")]]])
  }

  func testWriter_RefusesCellsThatAreTooLong() throws {
    let long = String(repeating: "a", count: 32_768)
    XCTAssertThrowsError(try read("[\"\(long)\"]")) { XCTAssertEqual(($0 as? DataFault)?.kind, .unsupported) }
  }
}
