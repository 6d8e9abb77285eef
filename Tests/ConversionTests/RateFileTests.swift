import Foundation
import TestSupport
import XCTest

@testable import Conversion

/// Exchange rates in the layouts that the European Central Bank publishes, and in tables of anybody's.
final class RateFileTests: XCTestCase {
  private func read(_ text: String) throws -> [String] {
    try RateFile.read(Array(text.utf8)).map { "\($0.base)/\($0.quote) \($0.day) \($0.rate) \($0.source ?? "-")" }
  }

  private func problem(_ text: String) -> String {
    do { return "\(try read(text))" } catch { return "\(error)" }
  }

  private static let envelope = """
    <?xml version="1.0" encoding="UTF-8"?>
    <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
    \t<gesmes:subject>Reference rates</gesmes:subject>
    \t<gesmes:Sender>
    \t\t<gesmes:name>European Central Bank</gesmes:name>
    \t</gesmes:Sender>
    \t<Cube>
    CUBES
    \t</Cube>
    </gesmes:Envelope>
    """

  private func markup(_ cubes: String) -> String {
    RateFileTests.envelope.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0 == "CUBES" ? cubes : String($0) }.joined(separator: "\n")
  }

  func testTheDailyXML() throws {
    let cubes =
      "\t\t<Cube time='2026-11-27'>\n\t\t\t<Cube currency='USD' rate='1.0876'/>\n"
      + "\t\t\t<Cube currency='JPY' rate='163.45'/>\n\t\t</Cube>"
    XCTAssertEqual(
      try read(markup(cubes)), ["EUR/USD 2026-11-27 1.0876 ECB", "EUR/JPY 2026-11-27 163.45 ECB"])
  }

  func testTheXMLOfAllDays_InOneLine() throws {
    let cubes =
      #"<Cube time="2026-11-27"><Cube currency="USD" rate="1.0876"/></Cube>"#
      + #"<Cube time="1999-01-04"><Cube currency="USD" rate="1.1789"/><Cube currency="CYP" rate="0.58231"/></Cube>"#
    XCTAssertEqual(
      try read(markup(cubes)),
      ["EUR/USD 2026-11-27 1.0876 ECB", "EUR/USD 1999-01-04 1.1789 ECB", "EUR/CYP 1999-01-04 0.58231 ECB"])
  }

  func testTheDailyTable_WithSpacesADateInWordsAndACommaAtTheEnd() throws {
    XCTAssertEqual(
      try read("Date, USD, JPY, BGN, \n27 November 2026, 1.0876, 163.45, 1.9558, \n"),
      [
        "EUR/USD 2026-11-27 1.0876 ECB", "EUR/JPY 2026-11-27 163.45 ECB", "EUR/BGN 2026-11-27 1.9558 ECB",
      ])
  }

  func testTheTableOfAllDays_WithMissingDaysAndCurrenciesThatAreNoMore() throws {
    let table =
      "Date,USD,JPY,CYP,\r\n2026-11-27,1.0876,163.45,N/A,\r\n2026-11-24,1.09,N/A,,\r\n1999-01-04,1.1789,133.73,0.58231,\r\n"
    XCTAssertEqual(try read(table).count, 6)
    XCTAssertEqual(try read(table).last, "EUR/CYP 1999-01-04 0.58231 ECB")
  }

  func testFurtherColumns_AreLeftOut() throws {
    XCTAssertEqual(try read("Date,USD,Remark,JPY\n2026-11-27,1.1,a note,160\n").count, 2)
  }

  func testATableOfAnybodys() throws {
    XCTAssertEqual(
      try read("date,base,quote,rate,source,who\n2026-11-27,\"usd\",MXN,18.25,Banxico,x\n2026-11-27,GBP,USD,1.31,,y\n"),
      ["USD/MXN 2026-11-27 18.25 Banxico", "GBP/USD 2026-11-27 1.31 -"])
  }

  func testAnArchive_OfATable() throws {
    let folder = try TemporaryDirectory()
    let script = """
      import zipfile, sys
      z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED)
      z.writestr("eurofxref.csv", "Date, USD, \\n27 November 2026, 1.0876, \\n")
      """
    let made = try Shell.run(["python3", "-c", script, folder.path + "/a.zip"])
    XCTAssertEqual(made.code, 0, made.text)
    let bytes = [UInt8](FileManager.default.contents(atPath: folder.path + "/a.zip") ?? Data())
    XCTAssertEqual(try RateFile.read(bytes).map(\.rate), ["1.0876"])
    XCTAssertThrowsError(try RateFile.read(Array(bytes.prefix(60)))) { error in
      XCTAssertTrue("\(error)".contains("the archive cannot be read"), "\(error)")
    }
  }

  func testWhatIsWrong_IsNamedWithLineAndColumn() {
    XCTAssertEqual(
      problem("Date,USD,JPY\n2026-11-27,1.1,160\n2026-11-26,1.1,16O\n"),
      "line 3, column 3: \"16O\" is no rate; it is a number above 0 with a point, such as 1.0876")
    XCTAssertEqual(
      problem("base,quote,rate,date\nEUR,US,1.1,2026-11-27\n"),
      "line 2, column 3: \"US\" is no currency; its code has three letters")
    XCTAssertEqual(
      problem("base,quote,rate,date\nEUR,USD,1.1,2026-02-30\n"),
      "line 2, column 3: \"2026-02-30\" is no date, such as 2026-11-27")
    XCTAssertTrue(problem("base,quote,rate,date\nEUR,USD,0,2026-11-27\n").contains("\"0\" is no rate"))
    XCTAssertTrue(problem("base,quote,rate,date\nEUR,USD,-1,2026-11-27\n").contains("\"-1\" is no rate"))
    XCTAssertTrue(problem("EUR;USD\n").hasPrefix("line 1: the columns must be Date and currencies"))
    XCTAssertEqual(problem("Date,USD\n2026-11-27,N/A\n"), "there is no rate in it")
    XCTAssertTrue(
      problem(markup("<Cube time='2026-11-27'>\n<Cube currency='USD' rate='1,1'/></Cube>")).hasPrefix("line 9, column ")
    )
    XCTAssertTrue(problem("<a><b></a>").hasPrefix("line 1, column "))
  }
}
