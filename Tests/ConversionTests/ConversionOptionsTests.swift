import Basics
import Formats
import Conversion
import XCTest

final class ConversionOptionsTests: XCTestCase {
  func testAll_IsSortedAndEveryStandardIsValid() throws {
    XCTAssertEqual(ConversionOption.all.map(\.name), ConversionOption.all.map(\.name).sorted())
    for option in ConversionOption.all {
      guard let standard = option.standard else { continue }
      XCTAssertEqual(try ConversionOptions([option.name: standard.text]), ConversionOptions(), option.name)
    }
  }

  func testInit_WithValidTexts_WritesOnlyWhatDiffersFromTheStandard() throws {
    let cases = [
      ([:], "{}"),
      (["quality": "85", "auto_orient": "true", "background": "white"], "{}"),
      (["quality": "1"], #"{"quality":1}"#),
      (["quality": "100", "background": "#FA0"], ##"{"background":"#ffaa00","quality":100}"##),
      (["background": "Black"], ##"{"background":"#000000"}"##),
      (["auto_orient": "false"], #"{"auto_orient":false}"#),
    ]
    for (texts, json) in cases {
      let options = try ConversionOptions(texts)
      XCTAssertEqual(options.json.text, json)
      XCTAssertEqual(try ConversionOptions(try JSONReader.parse(json.utf8)), options)
    }
  }

  func testInit_WithInvalidTexts_NamesOptionAndValidValues() {
    let cases = [
      ("quality", ["0", "101", "", "-5", "+5", "8.5", "high", "99999999999999999999", " 85", "085"], "1 to 100"),
      ("background", ["", "#", "#ff", "#ffff", "#ggg", "fff", "#fffffff", "transparent"], "#rrggbb"),
      ("auto_orient", ["", "yes", "1", "True"], "true or false"),
      ("colour", ["red"], "auto_orient, background"),
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

  func testInit_WithOtherJSON_IsRefused() {
    for json in [#"{"quality":[1]}"#, #"{"quality":null}"#, #"{"quality":8.5}"#, "[]", #"{"quality":true}"#] {
      XCTAssertThrowsError(try ConversionOptions(try JSONReader.parse(json.utf8)), json)
    }
  }
}
