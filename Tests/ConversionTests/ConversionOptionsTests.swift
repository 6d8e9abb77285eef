import Basics
import Conversion
import XCTest

final class ConversionOptionsTests: XCTestCase {
  func testInit_WithoutOptions_HasTheDocumentedDefaults() throws {
    let options = try ConversionOptions([:])
    XCTAssertEqual(options.json.text, ##"{"background":"#ffffff","quality":85}"##)
    for (name, _, standard) in ConversionOptions.catalogue {
      XCTAssertEqual(try ConversionOptions([name: standard]), options, name)
    }
  }

  func testInit_WithValidTexts_WritesCanonicalJSON() throws {
    let cases = [
      (["quality": "1"], ##"{"background":"#ffffff","quality":1}"##),
      (["quality": "100", "background": "#FA0"], ##"{"background":"#ffaa00","quality":100}"##),
      (["background": "Black"], ##"{"background":"#000000","quality":85}"##),
      (["background": "#0a0B0c"], ##"{"background":"#0a0b0c","quality":85}"##),
    ]
    for (texts, json) in cases {
      let options = try ConversionOptions(texts)
      XCTAssertEqual(options.json.text, json)
      XCTAssertEqual(try ConversionOptions(try JSONReader.parse(json.utf8)), options)
    }
  }

  func testInit_WithInvalidTexts_NamesOptionAndValidValues() {
    let cases = [
      ("quality", ["0", "101", "", "-5", "+5", "8.5", "high", "99999999999999999999", " 85"], "1 to 100"),
      ("background", ["", "#", "#ff", "#ffff", "#ggg", "fff", "#fffffff", "transparent"], "#rrggbb"),
      ("colour", ["red"], "background, quality"),
    ]
    for (name, texts, valid) in cases {
      for text in texts {
        XCTAssertThrowsError(try ConversionOptions([name: text]), "\(name)=\(text)") { error in
          XCTAssertEqual((error as? OptionFailure)?.option, name)
          XCTAssert("\(error)".contains(valid), "\(error)")
        }
      }
    }
  }
}
