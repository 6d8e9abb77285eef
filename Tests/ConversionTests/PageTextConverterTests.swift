import Basics
import Conversion
import Formats
import XCTest

/// PDF of text, Markdown and data, by what is built in.
final class PageTextConverterTests: XCTestCase {
  private func convert(
    _ text: String, _ from: Format?, _ options: [String: String] = [:], mostBytes: Int64 = 1 << 30
  ) throws -> String {
    let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
    var limits = ConversionLimits()
    limits.maxOutputBytes = mostBytes
    let outcome = try Catalogue.standard.convert(
      Conversion(from: from, to: .pdf, options: try ConversionOptions(options)), limits: limits,
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    XCTAssertEqual(outcome.size, Int64(output.bytes.count))
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private func failure(
    _ text: String, _ from: Format, _ options: [String: String] = [:], mostBytes: Int64 = 1 << 30
  ) -> ConversionFailure? {
    XCTAssertThrowsError(try convert(text, from, options, mostBytes: mostBytes))
    do { _ = try convert(text, from, options, mostBytes: mostBytes) } catch { return error as? ConversionFailure }
    return nil
  }

  func testConvert_OfEachFormat_MakesAPDF() throws {
    for (text, format) in [
      ("text", Format.txt), ("# md", .md), ("a,b\n1,2\n", .csv), ("a\tb\n1\t2\n", .tsv), ("{\"a\": 1}", .json),
      ("<a/>", .xml), ("a: 1\n", .yaml), ("a = 1\n", .toml), ("{}\n{}\n", .ndjson),
    ] {
      let made = try convert(text, format)
      XCTAssertTrue(made.hasPrefix("%PDF-1.5\n") && made.hasSuffix("%%EOF\n"), format.name)
      XCTAssertTrue(made.contains("/Count 1 >>"), format.name)
    }
  }

  func testConvert_HeedsTheOptionsOfPages() throws {
    XCTAssertTrue(try convert("a", .txt).contains("/MediaBox [0 0 595.28 841.89]"))
    let wide = try convert("a", .md, ["page_size": "letter", "page_orientation": "landscape", "title": "Größe"])
    XCTAssertTrue(wide.contains("/MediaBox [0 0 792 612]"))
    XCTAssertTrue(wide.contains("/Title <FEFF0047007200F600DF0065>"))
    let lines = String(repeating: "a\n", count: 100)
    for (options, pages) in [([:], 2), (["margin": "0"], 2), (["font_size": "5"], 1), (["font_size": "30"], 5)] {
      XCTAssertTrue(try convert(lines, .txt, options).contains("/Count \(pages) >>"), "\(options)")
    }
    let numbered = try convert(
      lines, .txt, ["page_numbers": "true", "page_number_format": "page-n-of-total", "first_number": "7"])
    XCTAssertTrue(numbered.contains("(Page 7 of 8) Tj"))
    XCTAssertTrue(try convert("a", .txt, ["page_numbers": "true", "font": "serif"]).contains("0.4 g /F4 9 Tf"))
  }

  func testConvert_OfMarkdown_ReadsTheExtensionsThatAreAskedFor() throws {
    let text = "| a |\n|---|\n| https://example.org |\n"
    XCTAssertTrue(try convert(text, .md).contains("/URI"))
    XCTAssertFalse(try convert(text, .md, ["extensions": "commonmark"]).contains("/URI"))
    XCTAssertFalse(try convert(text, .md, ["extensions": "table,strikethrough"]).contains("/URI"))
  }

  func testConvert_OfACharacterThatNoFontHas_SaysSoAndLeavesItToOthers() {
    let found = failure("a\nж", .txt)
    XCTAssertEqual(found?.code, .unsupportedConversion)
    XCTAssertTrue(found?.message.contains("lack: U+0436 in line 2;") ?? false, "\(found as Any)")
    XCTAssertEqual(found?.isOfMaker, true)
    XCTAssertEqual(failure("a", .txt, ["encoding": "shift_jis"])?.isOfMaker, true)
    XCTAssertEqual(failure("a\n\"b", .csv)?.isOfMaker, false)
  }

  func testConvert_BeyondTheLimit_EndsThere() {
    XCTAssertEqual(
      failure(String(repeating: "\u{0C}", count: 10_000) + "a", .txt, mostBytes: 100_000)?.code, .outputTooLarge)
  }

  func testWay_OfASimpleMaker_IsNoneAfterOthersAndGivesWay() throws {
    struct Office: Tool {
      let program = Program("office", package: "office")
      var name: String { program.name }
      var offers: [Offer] { [Offer(from: [.txt, .html], to: [.pdf], cost: 40)] }
      func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? { ToolCall(arguments: []) }
      func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [] }
    }
    func names(_ steps: [Step]?) -> [String]? { steps?.map(\.maker.name) }
    let none = ConversionOptions()
    // HTML would be Markdown first, without its looks.
    XCTAssertNil(Catalogue.standard.path(from: .html, to: .pdf, options: none))
    XCTAssertFalse(Catalogue.standard.formats(from: .html).contains(.pdf))
    let catalogue = Catalogue(makers: Makers.builtIn + [Office()], found: Toolbox(paths: ["office": "/usr/bin/office"]))
    for (format, other) in [(Format.txt, ["office"]), (.md, ["built in", "office"])] {
      let conversion = Conversion(from: format, to: .pdf)
      let own = try XCTUnwrap(catalogue.steps(of: conversion))
      XCTAssertEqual(names(own), ["built in"])
      XCTAssertEqual(names(catalogue.way(instead: own, of: conversion)), other)
      XCTAssertNil(Catalogue.standard.way(instead: own, of: conversion))
    }
    XCTAssertEqual(names(catalogue.path(from: .html, to: .pdf, options: none)), ["office"])
    let page = Conversion(from: .html, to: .pdf)
    XCTAssertNil(catalogue.way(instead: try XCTUnwrap(catalogue.steps(of: page)), of: page))
  }
}
