import Basics
import Formats
import Conversion
import XCTest

/// What a file may be that begins like a ZIP archive, whoever has made it.
final class SniffedArchiveTests: XCTestCase {
  private func type(_ bytes: [UInt8]) throws -> Sniffed {
    let file = try TestFile(bytes)
    return try Sniffer.type(ofFile: file.descriptor)
  }

  private static let word = [("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>")]

  func testType_OfDocumentsThatAreArchives_IsTheDocumentAndMayBeTheArchive() throws {
    let cases: [(entries: [(String, String)], format: Format, words: String)] = [
      (SniffedArchiveTests.word, .docx, "a Word document"),
      ([("_rels/.rels", ""), ("xl/workbook.xml", ""), ("[Content_Types].xml", "")], .xlsx, "an Excel workbook"),
      ([("[Content_Types].xml", ""), ("ppt/presentation.xml", "")], .pptx, "a PowerPoint presentation"),
      ([("mimetype", Format.odt.mediaType), ("content.xml", "")], .odt, "an OpenDocument text"),
      ([("content.xml", ""), ("mimetype", Format.ods.mediaType)], .ods, "an OpenDocument spreadsheet"),
      ([("mimetype", Format.odp.mediaType)], .odp, "an OpenDocument presentation"),
      ([("mimetype", "application/epub+zip")], .epub, "an EPUB book"),
    ]
    for comment in [0, 40, 65_535] {
      for (entries, format, words) in cases {
        let found = try type(StoredArchive(entries, comment: comment).bytes)
        XCTAssertEqual(found.best, format)
        XCTAssertEqual(found.description, words)
        XCTAssertTrue(found.may(be: .zip) && found.may(be: format) && !found.may(be: .png))
      }
    }
  }

  func testType_OfArchivesThatAreNoDocuments_IsZip() throws {
    let cases: [[(String, String)]] = [
      [], [("a.txt", "a")], [("word/document.xml", "")], [("[Content_Types].xml", "")], [("mimetype", "text/plain")],
      [("mimetype/word", Format.odt.mediaType)], [("x/[Content_Types].xml", ""), ("x/word/document.xml", "")],
      [("mimetype", String(repeating: Format.odt.mediaType, count: 100))],
    ]
    for entries in cases {
      let found = try type(StoredArchive(entries).bytes)
      XCTAssertEqual(found.candidates, [.zip], "\(entries)")
    }
  }

  func testType_OfArchiveWithLargeEnd_FollowsIt() throws {
    XCTAssertEqual(try type(StoredArchive(SniffedArchiveTests.word, isLarge: true).bytes).best, .docx)
  }

  func testType_WhenAnyNumberOfTheDirectoryIsFalse_IsZipAndReadsOn() throws {
    for isLarge in [false, true] {
      let good = StoredArchive(SniffedArchiveTests.word + [("mimetype", Format.odt.mediaType)], isLarge: isLarge)
      for place in good.directory..<good.bytes.count {
        for value: UInt8 in [0x00, 0x7F, 0x80, 0xFF] {
          var bytes = good.bytes
          bytes[place] = value
          XCTAssertTrue(try type(bytes).may(be: .zip), "byte \(place) as \(value)")
        }
      }
    }
  }

  func testType_WhenNumbersAreAsLargeAsTheyGo_IsZip() throws {
    let good = StoredArchive(SniffedArchiveTests.word, isLarge: true)
    for place in good.directory..<good.bytes.count - 8 {
      var bytes = good.bytes
      for index in place..<place + 8 { bytes[index] = 0xFF }
      XCTAssertTrue(try type(bytes).may(be: .zip), "from byte \(place)")
    }
  }

  func testType_WhenArchiveIsCutAnywhere_IsZip() throws {
    let good = StoredArchive([("mimetype", Format.odt.mediaType)] + SniffedArchiveTests.word).bytes
    for count in 4..<good.count {
      let found = try type(Array(good[..<count]))
      XCTAssertEqual(found.candidates, [.zip], "\(count) bytes")
    }
  }

  func testType_WhenEndsStandInTheComment_TakesTheOneThatFits() throws {
    let end = Array(StoredArchive([]).bytes.suffix(22))
    var bytes = StoredArchive(SniffedArchiveTests.word).bytes
    bytes[bytes.count - 2] = UInt8((end.count * 200) & 255)
    bytes[bytes.count - 1] = UInt8((end.count * 200) >> 8)
    bytes += (0..<200).flatMap { _ in end.dropLast(2) + [1, 0] }
    XCTAssertEqual(try type(bytes).best, .docx)
  }

  func testType_WhenDirectoryIsLong_ReadsItsBeginning() throws {
    let many = (0..<3000).map { ("word/media/image-with-a-long-name-\($0).png", "") }
    XCTAssertEqual(try type(StoredArchive(SniffedArchiveTests.word + many).bytes).best, .docx)
    XCTAssertEqual(try type(StoredArchive(many + SniffedArchiveTests.word).bytes).best, .zip)
  }
}
