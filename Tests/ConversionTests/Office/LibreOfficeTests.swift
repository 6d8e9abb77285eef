import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// Office documents by LibreOffice; skipped where its packages are not.
final class LibreOfficeTests: XCTestCase {
  /// What a second program finds in a document that was made.
  private func words(_ made: OfficeBench.Made, _ format: Format) throws -> String {
    switch format {
    case .pdf: try made.read("pdftotext", "made", "-")
    case .docx: try made.read("unzip", "-p", "made", "word/document.xml")
    case .xlsx: try made.read("unzip", "-p", "made", "xl/sharedStrings.xml")
    case .pptx: try made.read("unzip", "-p", "made", "ppt/slides/slide1.xml", "ppt/slides/slide2.xml")
    case .odt, .ods, .odp: try made.read("unzip", "-p", "made", "content.xml")
    default: made.text
    }
  }

  private func isReadable(_ text: String, _ format: Format) -> Bool {
    switch format {
    // Of these the sniffer has seen what they are.
    case .doc, .xls, .ppt: true
    // Written with letters of one byte or with numbers.
    case .rtf: text.contains("Zweites")
    case .html: text.contains("Gr&uuml;&szlig;e") || text.contains("Grüße")
    default: text.contains("Grüße") && text.contains("Zweites")
    }
  }

  func testMake_OfEveryPair_GivesADocumentThatASecondProgramReads() throws {
    let bench = try OfficeBench(residents: 1)
    let samples = Dictionary(uniqueKeysWithValues: OfficeSamples.of.map { ($0.format, $0.bytes) })
    var made: [Format: [UInt8]] = samples
    let tools = bench.catalogue.makers.filter { $0.name.hasPrefix("LibreOffice") }
    // The old formats are made first, to be read afterwards.
    for (from, to) in [(Format.docx, Format.doc), (.xlsx, .xls), (.xlsx, .ods), (.odp, .ppt), (.odp, .pptx)] {
      made[to] = try bench.make(try XCTUnwrap(samples[from]), from: from, to: to, owner: 1).first?.bytes
    }
    var count = 0
    for offer in tools.flatMap(\.offers) {
      for (from, to) in (offer.from ?? []).flatMap({ from in offer.to.map { (from, $0) } }) {
        guard let bytes = made[from] else {
          XCTAssertTrue([.pages, .numbers, .key].contains(from), "no sample of \(from)")
          continue
        }
        let results = try bench.make(bytes, from: from, to: to, by: "LibreOffice", owner: 1)
        XCTAssertEqual(results.count, 1)
        let text = try words(results[0], to)
        XCTAssertTrue(isReadable(text, to), "\(from) to \(to): \(text.prefix(300))")
        count += 1
      }
    }
    XCTAssertEqual(count, 6 * 6 + 5 * 6 + 3 * 3)
  }

  func testMake_OfThreePages_GivesThree() throws {
    let bench = try OfficeBench()
    let made = try bench.make(OfficeSamples.docx(), from: .docx, to: .pdf)
    XCTAssertTrue(try made[0].read("pdfinfo", "made").contains(/Pages: +3\n/))
  }

  func testMake_WithOptionsForPDF_DoesWhatTheySay() throws {
    let bench = try OfficeBench()
    let archive = try bench.make(
      OfficeSamples.docx(), from: .docx, to: .pdf,
      ["pdfa": "2b", "tagged": "true", "image_quality": "50", "image_dpi": "150", "comments": "true"])
    XCTAssertTrue(archive[0].text.contains("<pdfaid:part>2</pdfaid:part>"))
    XCTAssertTrue(archive[0].text.contains("/MarkInfo<</Marked true>>"))
    let slides = try bench.make(
      OfficeSamples.odp, from: .odp, to: .pdf, ["notes_pages": "true", "hidden_slides": "true"])
    XCTAssertTrue(try slides[0].read("pdfinfo", "made").contains(/Pages: +4\n/))
    let sheets = try bench.make(OfficeSamples.xlsx, from: .xlsx, to: .pdf, ["single_page_sheets": "true"])
    XCTAssertTrue(try sheets[0].read("pdfinfo", "made").contains(/Pages: +2\n/))
  }

  func testMake_OfSheets_GivesTheOnesAskedFor() throws {
    let bench = try OfficeBench(residents: 1)
    func texts(_ options: [String: String]) throws -> [String] {
      try bench.make(OfficeSamples.xlsx, from: .xlsx, to: .csv, options, owner: 1).map(\.text)
    }
    XCTAssertEqual(try texts([:]), ["Grüße,Zweites,7\n"])
    XCTAssertEqual(try texts(["sheet": "2", "delimiter": "semicolon"]), ["Anderes;Zweites;8\n"])
    XCTAssertEqual(try texts(["sheet": "2", "delimiter": "|"]), ["Anderes|Zweites|8\n"])
    let all = try bench.make(OfficeSamples.xlsx, from: .xlsx, to: .csv, ["sheet": "all"])
    XCTAssertEqual(all.map(\.label), ["Eins", "Zwei"])
    XCTAssertEqual(all.map(\.text), ["Grüße,Zweites,7\n", "Anderes,Zweites,8\n"])
    let none = bench.failure(OfficeSamples.xlsx, from: .xlsx, to: .csv, ["sheet": "3"])
    XCTAssertEqual(none?.code, .unsupportedConversion)
    XCTAssertEqual(none?.message, "the workbook does not have the sheet that was asked for")
    let latin = try bench.make(OfficeSamples.xlsx, from: .xlsx, to: .csv, ["encoding": "windows-1252"])
    XCTAssertTrue(latin[0].bytes.starts(with: [0x47, 0x72, 0xFC, 0xDF, 0x65]))
  }

  func testMake_OfTexts_TellsTheirEncodingAndDelimiter() throws {
    let bench = try OfficeBench(residents: 1)
    let units: [UInt16] = [0xFEFF] + Array(OfficeSamples.text.utf16)
    let utf16: [UInt8] = units.flatMap { unit in [UInt8(unit & 255), UInt8(unit >> 8)] }
    let latin: [UInt8] = OfficeSamples.text.unicodeScalars.map { UInt8($0.value) }
    for bytes in [Array(OfficeSamples.text.utf8), utf16, latin] {
      let made = try bench.make(bytes, from: .txt, to: .html, by: "LibreOffice", owner: 1)
      XCTAssertTrue(made[0].text.contains("Gr&uuml;&szlig;e") || made[0].text.contains("Grüße"), made[0].text)
    }
    let cyrillic: [UInt8] = [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]
    let made = try bench.make(cyrillic, from: .txt, to: .odt, ["encoding": "windows-1251"], by: "LibreOffice")
    XCTAssertTrue(try words(made[0], .odt).contains("Привет"))
    let texts = try bench.make(Array(OfficeSamples.csv.utf8), from: .csv, to: .xlsx, ["as_text": "true"])
    XCTAssertTrue(try words(texts[0], .xlsx).contains("<t xml:space=\"preserve\">007</t>"))
    for (delimiter, character) in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")] {
      let rows = Array("a\(character)b\n1\(character)2\n".utf8)
      for options in [[:], ["delimiter": delimiter]] {
        let made = try bench.make(rows, from: .csv, to: .html, options, by: "LibreOffice", owner: 1)
        XCTAssertEqual(made[0].text.matches(of: /<td/).count, 4, delimiter)
      }
    }
  }

  /// A folder in which LibreOffice has been.
  private struct Left: ToolFolder {
    let files: [String: String]

    func names() -> [String] { files.keys.sorted() }
    func bytes(of name: String, atMost most: Int) -> [UInt8]? { files[name].map { Array($0.utf8.prefix(most)) } }
    func size(of name: String) -> Int64? { files[name].map { Int64($0.utf8.count) } }
  }

  func testResults_AreTheFilesThatHoldSomething() throws {
    let tool = LibreOffice(.calc)
    let toolbox = Toolbox(paths: Dictionary(uniqueKeysWithValues: tool.programs.map { ($0.name, "/usr/bin/true") }))
    let options = try ConversionOptions(
      ["sheet": "all"], among: Catalogue(makers: [tool], found: toolbox).options)
    func names(_ files: [String: String]) throws -> [String] {
      let task = ToolTask(
        conversion: Conversion(from: .xlsx, to: .csv, options: options), sources: ["in-1.xlsx"],
        folder: Left(files: files.merging(["report": "done", "in-1.xlsx": "x"]) { $1 }))
      return try tool.results(of: task, [ToolEnd(code: 0, words: "")]).map(\.name)
    }
    XCTAssertEqual(try names(["out-a.csv": "1", "out-b.csv": "", "out-c.csv": "2"]), ["out-a.csv", "out-c.csv"])
    XCTAssertEqual(try names(["out.csv": "1"]), ["out.csv"])
    XCTAssertThrowsError(try names(["out-a.csv": ""])) { error in
      XCTAssertEqual(error as? ConversionFailure, .nothingMade)
    }
  }

  func testMake_OfDamagedDocuments_FailsInWords() throws {
    let bench = try OfficeBench()
    let garbage = ZIPSample.bytes([("[Content_Types].xml", "<x"), ("word/document.xml", "\u{1}\u{2}")])
    let cut = Array(OfficeSamples.docx().prefix(600))
    for bytes in [garbage, cut] {
      let failure = bench.failure(bytes, from: .docx, to: .pdf)
      XCTAssertEqual(failure?.code, .damagedFile)
      XCTAssertEqual(failure?.message, "the document is damaged, or not one that LibreOffice reads")
    }
  }

  func testMake_OfProtectedDocuments_NeedsTheirPassword() throws {
    let bench = try OfficeBench()
    let password = "gehe\u{ef}m-\u{1F511}"
    let locked = try OfficeSamples.locked(with: password)
    for (options, opens) in [([:], false), (["password": "else"], false), (["password": password], true)] {
      if opens {
        let made = try bench.make(locked, from: .odt, to: .pdf, options)
        XCTAssertTrue(try words(made[0], .pdf).contains("Grüße"))
      } else {
        let failure = bench.failure(locked, from: .odt, to: .pdf, options)
        XCTAssertEqual(failure?.code, .passwordRequired)
      }
    }
  }

  func testOffers_AreThoseOfTheInstalledPartsAlone() {
    let parts = Makers.all.compactMap { $0 as? any Tool }.filter { $0.name.hasPrefix("LibreOffice") }
    XCTAssertEqual(parts.count, 3)
    let found = Toolbox(paths: [
      "oosplash": "/usr/lib/libreoffice/program/oosplash", "libsclo.so": "/usr/lib/libreoffice/program/libsclo.so",
    ])
    let catalogue = Catalogue(makers: Makers.all, found: found)
    XCTAssertEqual(catalogue.makers.map(\.name).filter { $0.hasPrefix("LibreOffice") }, ["LibreOffice Calc"])
    XCTAssertEqual(catalogue.absent(from: .docx, to: .pdf)?.program.package, "libreoffice-writer-nogui")
    XCTAssertEqual(catalogue.absent(from: .pptx, to: .pdf)?.program.package, "libreoffice-impress-nogui")
  }
}
