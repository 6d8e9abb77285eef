import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// What pictures say about themselves: who they are of stays or goes as it is asked for, and how they look stays.
final class PictureToolMetadataTests: XCTestCase {
  private let targets: [Format] = [.heic, .avif, .webp, .tiff, .gif, .jxl]

  private func holds(_ text: String, _ bytes: [UInt8]) -> Bool {
    String(decoding: bytes.map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self).contains(text)
  }

  /// Lies on its side, has a profile and a maker.
  private func sample(_ workshop: ToolWorkshop) throws -> [UInt8] {
    let picture = try Picture.gradient(64, 48, 3).jpeg().bytes
    return ToolSamples.with(
      exif: ToolSamples.exif(maker: "Secret Maker", orientation: 6),
      ToolSamples.with(profile: ToolSamples.wideProfile, picture))
  }

  func testStrip_LeavesTheProfileAlone_AndTurnsThePicture() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    let source = try sample(workshop)
    for target in targets {
      let made = try workshop.make(source, .jpeg, target)
      XCTAssertFalse(holds("Secret Maker", made), target.name)
      let profile = [.gif, .jxl].contains(target) || holds("wide colours", made)
      XCTAssertTrue(profile, "\(target) has lost its profile")
      let picture = try workshop.picture(made, target)
      XCTAssertEqual([picture.width, picture.height], [48, 64], target.name)
      // Where the left was low in red, the top is.
      XCTAssertLessThan(picture.samples[24 * 3], 60, target.name)
      XCTAssertGreaterThan(picture.samples[(63 * 48 + 24) * 3], 190, target.name)
      let back = try workshop.make(made, target, .png)
      XCTAssertEqual(try PNGProfileCheck.hasProfile(back), target != .gif, "\(target) to png")
    }
    let lying = try workshop.make(source, .jpeg, .webp, ["auto_orient": "false"])
    XCTAssertEqual(try workshop.picture(lying, .webp).width, 64)
  }

  func testStrip_Off_KeepsWhatIsSaid() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    for target in [Format.heic, .avif, .webp] {
      let made = try workshop.make(try sample(workshop), .jpeg, target, ["strip": "false"])
      XCTAssertTrue(holds("Secret Maker", made), target.name)
      XCTAssertTrue(holds("wide colours", made), target.name)
    }
  }

  func testStrip_ByTheProgramsOfWebP_LeavesTheProfileAlone() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.webp)
    let made = try workshop.make(try sample(workshop), .jpeg, .webp)
    XCTAssertFalse(holds("Secret Maker", made))
    XCTAssertTrue(holds("wide colours", made))
    XCTAssertTrue(try PNGProfileCheck.hasProfile(try workshop.make(made, .webp, .png)))
    let kept = try workshop.make(try sample(workshop), .jpeg, .webp, ["strip": "false"])
    XCTAssertTrue(holds("Secret Maker", kept))
    let stripped = try workshop.make(kept, .webp, .webp, ["strip_metadata": "true"])
    XCTAssertFalse(holds("Secret Maker", stripped))
    XCTAssertTrue(holds("wide colours", stripped))
    XCTAssertEqual(try workshop.picture(stripped, .webp), try workshop.picture(kept, .webp))
  }

  func testEXIFTool_TellsAndLeavesOut_WithoutCodingAnew() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips + ["exiftool"])
    let jpeg = try sample(workshop)
    for format in [Format.jpeg, .heic, .avif, .tiff, .png] {
      let kept = format == .jpeg ? jpeg : try workshop.make(jpeg, .jpeg, format, ["strip": "false"])
      let all = [Format.jpeg, .png].contains(format) ? ["all_metadata": "true"] : [:]
      func told(_ bytes: [UInt8]) throws -> JSONValue {
        let json = try workshop.make(bytes, format, .json, all)
        XCTAssertFalse(holds("tool-", json) || holds("Directory", json) || holds("SourceFile", json), "where it lay")
        return try JSONReader.parse(json)
      }
      let before = try told(kept)
      if format != .tiff { XCTAssertEqual(before["EXIF"]?["Make"]?.string, "Secret Maker", format.name) }
      XCTAssertNotNil(before["ICC_Profile"], format.name)
      let stripped = try workshop.make(kept, format, format, ["strip_metadata": "true"])
      let after = try told(stripped)
      XCTAssertNil(after["EXIF"]?["Make"], format.name)
      XCTAssertNotNil(after["ICC_Profile"], format.name)
      XCTAssertEqual(try workshop.picture(stripped, format), try workshop.picture(kept, format), format.name)
    }
  }

  func testEXIFTool_WithQPDF_TakesOutOfAPDFWhatItTells() throws {
    let workshop = try ToolWorkshop(needing: ["exiftool", "qpdf"])
    let marked = """
      %PDF-1.4
      1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
      2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
      3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 90 60]>> endobj
      4 0 obj <</Author (Secret Author) /Title (Secret Title)>> endobj
      trailer <</Root 1 0 R /Info 4 0 R /Size 5>>
      %%EOF
      """
    // The table of places is mended by a first call.
    let whole = try workshop.make(Array(marked.utf8), .pdf, .pdf, ["linearize": "false"])
    XCTAssertTrue(holds("Secret Author", whole))
    let told = try JSONReader.parse(try workshop.make(whole, .pdf, .json))
    XCTAssertEqual(told["PDF"]?["Author"]?.string, "Secret Author")
    let stripped = try workshop.make(whole, .pdf, .pdf, ["strip_metadata": "true"])
    XCTAssertFalse(holds("Secret", stripped))
    let locked = try workshop.make(whole, .pdf, .pdf, ["user_password": "x"])
    XCTAssertEqual(
      try workshop.failure(locked, .pdf, .pdf, ["strip_metadata": "true"])?.code, .passwordRequired)
  }
}

/// Whether a PNG has a colour profile.
enum PNGProfileCheck {
  static func hasProfile(_ bytes: [UInt8]) throws -> Bool {
    bytes.indices.dropLast(4).contains { bytes[$0...].starts(with: Array("iCCP".utf8)) }
  }
}
