import Basics
import Formats
import Conversion
import XCTest

/// What a catalogue of makers offers, over several steps and with options of their own.
final class PathTests: XCTestCase {
  /// A tool that turns one format into another, with one option.
  private struct Mill: Tool {
    let program: Program
    let offers: [Offer]
    var name: String { program.name }

    init(
      _ name: String, _ from: Format, _ to: Format, options: [ConversionOption] = [], needsText: Bool = false,
      cost: Int = 10
    ) {
      program = Program(name, package: "lib\(name)-bin")
      offers = [Offer(from: [from], to: [to], options: options, needsText: needsText, cost: cost)]
    }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? { ToolCall(arguments: []) }

    func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [] }
  }

  private let grain = ConversionOption("grain", .decimal(0.5...2), .decimal(1), "how coarse it is")
  private let label = ConversionOption(
    "label", .text(valid: "letters", passes: { $0.allSatisfy(\.isLetter) }), nil, "what stands on it")

  private func catalogue(_ mills: [Mill], missing: Set<String> = []) -> Catalogue {
    let paths = mills.map(\.name).filter { !missing.contains($0) }.map { ($0, "/usr/bin/\($0)") }
    return Catalogue(
      makers: Makers.builtIn + mills, found: Toolbox(paths: Dictionary(uniqueKeysWithValues: paths)))
  }

  private func names(_ path: [Step]?) -> [String]? { path?.map(\.maker.name) }

  func testPath_OverSeveralMakers_IsTheCheapestAndAtMostThreeSteps() {
    let mills = [
      Mill("a", .docx, .pdf), Mill("b", .pdf, .png), Mill("c", .docx, .png, cost: 25), Mill("d", .rst, .docx),
      Mill("e", .epub, .rst),
    ]
    let catalogue = catalogue(mills)
    let none = ConversionOptions()
    XCTAssertEqual(names(catalogue.path(from: .docx, to: .png, options: none)), ["a", "b"])
    XCTAssertEqual(names(catalogue.path(from: .docx, to: .jpeg, options: none)), ["a", "b", "built in"])
    XCTAssertEqual(names(catalogue.path(from: .rst, to: .png, options: none)), ["d", "a", "b"])
    XCTAssertNil(catalogue.path(from: .epub, to: .bmp, options: none), "four steps")
    XCTAssertEqual(names(catalogue.path(from: .png, to: .jpeg, options: none)), ["built in"])
    XCTAssertTrue(catalogue.formats(from: .docx).contains(.jpeg))
    XCTAssertFalse(catalogue.formats(from: .epub).contains(.bmp))
    XCTAssertFalse(catalogue.formats(from: .rst).contains(.json), "metadata are of the file that was sent")
    XCTAssertTrue(catalogue.sources.contains(.docx))
  }

  func testPath_WithOptions_GoesWhereAllAreUnderstood() throws {
    let mills = [
      Mill("cheap", .docx, .pdf), Mill("fine", .docx, .pdf, options: [grain], cost: 50),
      Mill("stamp", .pdf, .pdf, options: [label]),
    ]
    let catalogue = catalogue(mills)
    func path(_ from: Format, _ texts: [String: String]) throws -> [String]? {
      names(
        catalogue.path(from: from, to: .pdf, options: try ConversionOptions(texts, among: catalogue.options)))
    }
    XCTAssertEqual(try path(.docx, [:]), ["cheap"])
    XCTAssertEqual(try path(.docx, ["label": "a"]), ["cheap", "stamp"])
    XCTAssertEqual(try path(.png, ["label": "a", "width": "5"]), ["built in", "stamp"])
    XCTAssertNil(try path(.docx, ["width": "5"]))
    XCTAssertEqual(try path(.pdf, ["label": "a"]), ["stamp"])
  }

  func testPath_ToText_NeverLeadsOverPixels() {
    let mills = [
      Mill("read", .pdf, .txt, needsText: true), Mill("print", .docx, .pdf), Mill("film", .mp4, .png),
      Mill("draw", .svg, .pdf),
    ]
    let catalogue = catalogue(mills)
    for (source, leads) in [(Format.docx, true), (.svg, true), (.pdf, true), (.png, false), (.mp4, false)] {
      XCTAssertEqual(catalogue.formats(from: source).contains(.txt), leads, source.name)
      XCTAssertEqual(catalogue.path(from: source, to: .txt, options: ConversionOptions()) != nil, leads, source.name)
    }
    XCTAssertTrue(catalogue.formats(from: .mp4).contains(.pdf))
  }

  func testPath_ForAnOption_NeverGoesAwayAndComesBack() throws {
    let catalogue = catalogue([Mill("stamp", .pdf, .pdf, options: [label]), Mill("shoot", .pdf, .png)])
    let options = try ConversionOptions(["width": "5"], among: catalogue.options)
    XCTAssertNil(catalogue.path(from: .pdf, to: .pdf, options: options), "its pages would be pictures")
  }

  func testProblem_WhenNoStepUnderstandsAnOption_NamesIt() throws {
    let catalogue = catalogue([Mill("stamp", .pdf, .pdf, options: [label])])
    func problem(_ from: Format?, _ to: Format, _ texts: [String: String]) throws -> (option: String?, text: String)? {
      let options = try ConversionOptions(texts, among: catalogue.options)
      return catalogue.problem(Conversion(from: from, to: to, options: options), sources: 1, hasOverlay: false)
    }
    let found = try XCTUnwrap(try problem(.pdf, .pdf, ["width": "5", "label": "a"]))
    XCTAssertEqual(found.option, "width")
    XCTAssertEqual(found.text, "is not understood for pdf; the options are label")
    XCTAssertEqual(try problem(.png, .sha256, ["quality": "5"])?.option, "quality")
    XCTAssertEqual(try problem(nil, .sha256, ["quality": "5"])?.option, "quality")
    XCTAssertEqual(try problem(nil, .zip, ["width": "5"])?.option, "width")
    XCTAssertEqual(try problem(.png, .jpeg, ["label": "a"])?.option, "label")
    XCTAssertNil(try problem(.png, .bmp, ["quality": "5", "page_size": "a4"]), "forms have all fields of pictures")
    XCTAssertNil(try problem(.png, .sha256, ["quality": "85"]), "what is so by itself asks for nothing")
  }

  func testAbsent_NamesTheProgramWithItsPackage() {
    let mills = [Mill("stamp", .pdf, .pdf), Mill("other", .docx, .png)]
    let catalogue = catalogue(mills, missing: ["stamp"])
    XCTAssertEqual(catalogue.absent(from: .pdf, to: .pdf)?.program, Program("stamp", package: "libstamp-bin"))
    XCTAssertNil(catalogue.absent(from: .docx, to: .png))
    XCTAssertNil(catalogue.absent(from: .docx, to: .bmp))
    XCTAssertFalse(catalogue.formats(from: .pdf).contains(.pdf))
    XCTAssertEqual(catalogue.missing.map(\.name), ["stamp"])
  }

  func testOptions_OfEveryKind_AreReadAsOneTextForOneValue() throws {
    let list = catalogue([Mill("stamp", .pdf, .pdf, options: [label, grain])]).options
    for (text, json) in [("0.5", #"{"grain":0.5}"#), ("1", "{}"), ("1.0", "{}"), ("2", #"{"grain":2}"#)] {
      let options = try ConversionOptions(["grain": text], among: list)
      XCTAssertEqual(options.json.text, json)
      XCTAssertEqual(try ConversionOptions(JSONReader.parse(json.utf8), among: list), options)
    }
    for text in ["", "0.4", "2.1", "1e0", "nan", "inf", "+1", " 1", "1.", ".5", "0x1", "1,5", "-1"] {
      XCTAssertThrowsError(try ConversionOptions(["grain": text], among: list), text) { error in
        XCTAssertTrue("\(error)".contains("a number from 0.5 to 2"), "\(error)")
      }
    }
    XCTAssertEqual(try ConversionOptions(["label": "ab"], among: list).json.text, #"{"label":"ab"}"#)
    XCTAssertThrowsError(try ConversionOptions(["label": "1"], among: list))
    XCTAssertThrowsError(try ConversionOptions(["label": "a"]), "not one of the house's")
  }
}
