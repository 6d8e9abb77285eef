import Conversion
import Formats
import XCTest

final class DataConverterTests: XCTestCase {
  private func convert(
    _ text: String, _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) throws -> String {
    let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
    let conversion = Conversion(from: from, to: to, options: try ConversionOptions(options))
    let outcome = try Catalogue.standard.convert(
      conversion, limits: ConversionLimits(),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    XCTAssertEqual(outcome.size, Int64(output.bytes.count))
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private func failure(
    _ text: String, _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) -> ConversionFailure? {
    do {
      XCTFail("made \(try convert(text, from, to, options))")
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }

  private let rows = #"[{"name":"Anna","age":12345678901234567890},{"name":"Bo, \"x\"","age":null}]"#

  func testConvert_OfRows_SaysTheSameInEveryFormat() throws {
    let csv = try convert(rows, .json, .csv)
    XCTAssertEqual(csv, "name,age\r\nAnna,12345678901234567890\r\n\"Bo, \"\"x\"\"\",\r\n")
    XCTAssertEqual(try convert(csv, .csv, .tsv), "name\tage\r\nAnna\t12345678901234567890\r\n\"Bo, \"\"x\"\"\"\t\r\n")
    let lines = try convert(rows, .json, .ndjson)
    XCTAssertEqual(
      lines, #"{"name":"Anna","age":12345678901234567890}"# + "\n" + #"{"name":"Bo, \"x\"","age":null}"# + "\n")
    XCTAssertEqual(try convert(lines, .ndjson, .json, ["compact": "true"]).trimmed, rows)
  }

  func testConvert_HeedsTheOptionsOfItsFormats() throws {
    XCTAssertEqual(
      try convert("a;b\n1;true\n", .csv, .json, ["delimiter": "semicolon", "typed": "true", "compact": "true"]).trimmed,
      #"[{"a":1,"b":true}]"#)
    XCTAssertEqual(try convert("1,2\n", .csv, .ndjson, ["header": "false"]).trimmed, #"{"column1":"1","column2":"2"}"#)
    XCTAssertEqual(try convert("{\"a\":1}", .json, .json, ["indent": "4"]).trimmed, "{\n    \"a\": 1\n}")
    XCTAssertEqual(try convert("{\"a\":1}", .json, .csv).trimmed, "a\r\n1")
    XCTAssertEqual(failure("{\"a\":1}", .json, .csv, ["requires_rows": "true"])?.code, .unsupportedConversion)
    XCTAssertEqual(failure("{\"a\":1,\"a\":2}", .json, .json, ["unique_names": "true"])?.code, .damagedFile)
  }

  func testConvert_OfAFileOfNothing_IsADocumentWhereThatIsOne() throws {
    XCTAssertEqual(try convert("", .toml, .json), "{}")
    XCTAssertEqual(try convert("", .yaml, .json), "null")
    XCTAssertEqual(failure("", .json, .yaml)?.code, .formatMismatch)
  }

  func testConvert_OfADamagedDocument_NamesThePlace() {
    let found = failure("{\"a\": 1,\n \"b\": tru}", .json, .csv)
    XCTAssertEqual(found?.code, .damagedFile)
    XCTAssertTrue(found?.message.hasPrefix("the file is no valid JSON: line 2, column 7: ") ?? false, "\(found as Any)")
  }

  func testConvert_OfWhatGrowsBeyondTheLimit_EndsThere() throws {
    // Three thousand columns, one of which each row has.
    let text = "[" + (0..<3000).map { "{\"c\($0)\":1}" }.joined(separator: ",") + "]"
    let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
    var limits = ConversionLimits()
    limits.maxOutputBytes = 100_000
    XCTAssertThrowsError(
      try Catalogue.standard.convert(
        Conversion(from: .json, to: .csv), limits: limits,
        files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    ) { XCTAssertEqual(($0 as? ConversionFailure)?.code, .outputTooLarge) }
  }
}

extension String {
  fileprivate var trimmed: String { String(reversed().drop(while: \.isNewline).reversed()) }
}
