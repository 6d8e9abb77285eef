import Foundation
import TestSupport
import XCTest

/// `wonder convert` over programs of others.
final class ConvertProgramsTests: XCTestCase {
  private func convert(_ arguments: String...) throws -> Shell.Result {
    try Shell.run([BuiltProgram.path, "convert"] + arguments)
  }

  func testConvert_OfPicturesAndADocument_JoinsThem_AndNamesPagesApart() throws {
    for program in ["qpdf", "pdftoppm", "pdfinfo"] {
      try XCTSkipIf(access("/usr/bin/\(program)", X_OK) != 0, "\(program) is not here: qpdf, poppler-utils")
    }
    let directory = try TemporaryDirectory()
    let place = directory.path
    try Data(SamplePictures.photo).write(to: URL(filePath: place + "/a.png"))
    XCTAssertEqual(try convert(place + "/a.png", place + "/one.pdf").code, 0)
    let both = try convert(place + "/a.png", place + "/one.pdf", "-o", place + "/both.pdf", "--set", "merge=true")
    XCTAssertEqual(both.code, 0, both.text)
    let pages = try convert("--json", place + "/both.pdf", place + "/page.png")
    XCTAssertEqual(pages.code, 0, pages.text)
    let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    XCTAssertEqual(names, ["a.png", "both.pdf", "one.pdf", "page-1.png", "page-2.png"])
    for name in ["page-1.png", "page-2.png"] {
      XCTAssertTrue(pages.text.contains("/\(name)"), pages.text)
      XCTAssertEqual(try Data(contentsOf: URL(filePath: place + "/" + name)).prefix(4), Data([0x89, 0x50, 0x4E, 0x47]))
    }
  }
}
