import Basics
import Conversion
import Formats
import XCTest

/// Which makers are left when only some programs of others may be called.
final class AllowedProgramsTests: XCTestCase {
  private func tools(_ text: String) throws -> Set<String> {
    let makers = try AllowedPrograms(text).filter(Makers.all)
    XCTAssertEqual(makers.count { !($0 is any ProgramMaker) }, Makers.builtIn.count, "what is built in stays")
    return Set(makers.compactMap { ($0 as? any ProgramMaker)?.program.name })
  }

  func testAll_LeavesEveryMaker_NoneOnlyWhatIsBuiltIn() throws {
    XCTAssertEqual(try tools("all"), Set(Makers.all.compactMap { ($0 as? any ProgramMaker)?.program.name }))
    XCTAssertEqual(try tools("none"), [])
    XCTAssertEqual(try tools(""), [])
  }

  func testNames_OfProgramsAndOfPackages_LeaveTheirMakers() throws {
    XCTAssertEqual(try tools("qpdf"), ["qpdf"])
    XCTAssertEqual(try tools("ffmpeg, qpdf"), ["qpdf", "ffmpeg"])
    XCTAssertTrue(try tools("poppler-utils qpdf").isSuperset(of: ["pdftoppm", "pdfimages", "qpdf"]))
  }

  func testTool_WithoutOneOfItsPrograms_IsLeftOut() throws {
    let tool = try XCTUnwrap(
      Makers.all.compactMap { $0 as? any Tool }.first { Set($0.programs.map(\.package)).count > 1 })
    func isLeft(_ text: String) throws -> Bool { try !AllowedPrograms(text).filter([tool]).isEmpty }
    XCTAssertFalse(try isLeft(tool.program.package))
    XCTAssertTrue(try isLeft(tool.programs.map(\.name).joined(separator: ",")))
  }

  func testName_ThatNoMakerCalls_IsRefusedWithTheNamesThatAre() {
    XCTAssertThrowsError(try AllowedPrograms("qpdf,gimp")) { error in
      let text = "\(error)"
      XCTAssertTrue(text.contains("WONDER_ENGINES") && text.contains("\"gimp\"") && text.contains("ffmpeg"), text)
      XCTAssertFalse(text.contains("\"qpdf\""))
    }
  }
}
