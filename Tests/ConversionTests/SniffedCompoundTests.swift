import Formats
import XCTest

@testable import Conversion

/// What documents of old Office programs are, by the names of their streams.
final class SniffedCompoundTests: XCTestCase {
  /// A compound file of one sector of names ([MS-CFB] 2.2, 2.6.1), and the table that ends it.
  static func compound(_ names: [String]) -> [UInt8] {
    func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> ($0 * 8) & 255) } }
    var header = [UInt8](repeating: 0, count: 512)
    header.replaceSubrange(0..<8, with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    header[30] = 9
    header.replaceSubrange(76..<80, with: little(1))
    var sector: [UInt8] = []
    for name in (["Root Entry"] + names).prefix(4) {
      var entry = [UInt8](repeating: 0, count: 128)
      for (index, unit) in name.utf16.enumerated() { entry[index * 2] = UInt8(unit & 255) }
      entry[64] = UInt8(name.utf16.count * 2 + 2)
      sector += entry
    }
    sector += [UInt8](repeating: 0, count: 512 - sector.count)
    let table = little(0xFFFF_FFFE) + [UInt8](repeating: 0xFF, count: 508)
    return header + sector + table
  }

  private func type(_ names: String...) throws -> Sniffed {
    let file = try TestFile(SniffedCompoundTests.compound(names))
    return try withExtendedLifetime(file) { try Sniffer.type(ofFile: file.descriptor) }
  }

  func testType_OfOldDocuments_IsTheirs() throws {
    for (stream, format) in [
      ("WordDocument", Format.doc), ("Workbook", .xls), ("Book", .xls), ("PowerPoint Document", .ppt),
    ] {
      XCTAssertEqual(try type(stream).candidates, [format])
      XCTAssertFalse(try type(stream).isLocked)
    }
    XCTAssertEqual(try type("Other").candidates, [])
  }

  func testType_OfALockedDocument_MayBeAnyOfTheNewer_AndNobodyLooksInside() throws {
    let locked = try type("EncryptionInfo", "EncryptedPackage")
    XCTAssertTrue(locked.isLocked)
    XCTAssertEqual(locked.candidates, [.docx, .xlsx, .pptx])
    XCTAssertEqual(locked.best(named: "a.xlsx"), .xlsx)
    let bytes = SniffedCompoundTests.compound(["EncryptionInfo", "EncryptedPackage"])
    let bench = try OfficeBench(needing: ["pandoc"])
    let failure = bench.failure(bytes, from: .docx, to: .md, by: "pandoc")
    XCTAssertEqual(failure?.code, .passwordRequired)
    XCTAssertEqual(failure?.message, ConversionFailure.locked.message)
  }
}
