import Basics
import Conversion
import Formats
import XCTest

/// Tables of text as HTML, Markdown and plain text, by what is built in.
final class TableConverterTests: XCTestCase {
  private func convert(
    _ text: String, _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) throws -> String {
    let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
    _ = try Catalogue.standard.convert(
      Conversion(from: from, to: to, options: try ConversionOptions(options)), limits: ConversionLimits(),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    return String(decoding: output.bytes, as: UTF8.self)
  }

  func testConvert_WritesTheTable() throws {
    let rows = "name;what\nx|y;\"<b> & \"\"c\"\"\nnext\"\n"
    let page = try convert(rows, .csv, .html, ["fragment": "true"])
    XCTAssertEqual(
      page,
      "<table>\n<tr><th>name</th><th>what</th></tr>\n"
        + "<tr><td>x|y</td><td>&lt;b&gt; &amp; &quot;c&quot;<br />next</td></tr>\n</table>\n")
    XCTAssertTrue(try convert(rows, .csv, .html, ["title": "T"]).contains("<title>T</title>"))
    let markdown = try convert("a\tb\n1\t2\n", .tsv, .md)
    XCTAssertEqual(markdown.split(separator: "\n").count, 3, markdown)
    XCTAssertTrue(markdown.hasPrefix("| a") && markdown.contains("| 1"), markdown)
    XCTAssertTrue(try convert(rows, .csv, .md).contains("x\\|y"))
    XCTAssertTrue(try convert(rows, .csv, .txt).contains("x|y"))
  }

  /// Rows that are short or long, names that come twice and a lone row lose nothing.
  func testConvert_OfUnevenRows_KeepsEachField() throws {
    let page = try convert("a,a\n1\n1,2,3\n", .csv, .html, ["fragment": "true"])
    XCTAssertEqual(page.matches(of: /<th>/).count, 3)
    XCTAssertEqual(page.matches(of: /<td>/).count, 6)
    XCTAssertTrue(page.contains("<td>3</td>"))
    XCTAssertTrue(try convert("a,b\n", .csv, .md).contains("| a"))
    let bare = try convert("1,2\n3,4\n", .csv, .html, ["fragment": "true", "header": "false"])
    XCTAssertFalse(bare.contains("<th>"))
    XCTAssertEqual(bare.matches(of: /<td>/).count, 4)
  }

  func testPath_LeadsOverNoPages() throws {
    for target in [Format.html, .md, .txt] {
      let way = try XCTUnwrap(Catalogue(makers: Makers.all).path(from: .csv, to: target, options: ConversionOptions()))
      XCTAssertEqual(way.map(\.to), [target])
      XCTAssertEqual(way.map(\.maker.name), ["built in"])
    }
  }
}
