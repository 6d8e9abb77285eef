import Basics
import XCTest

@testable import Archives

/// Archives as they should be, in each form that programs write.
final class ZIPReaderTests: XCTestCase {
  private let text = Array(String(repeating: "to be or not to be; ", count: 9000).utf8)

  func testRead_GivesStoredAndDeflatedEntries() throws {
    var archive = ZIPBuilder()
    archive.add("a/long.txt", text)
    archive.add("b.txt", Array("hi".utf8), isStored: true)
    archive.add("empty", [])
    try withFile(archive.bytes) { file in
      let zip = try ZIPReader(descriptor: file)
      XCTAssertEqual(zip.entries.map(\.name), ["a/long.txt", "b.txt", "empty"])
      XCTAssertEqual(zip.entries.map(\.size), [180_000, 2, 0])
      XCTAssertEqual(try zip.read(XCTUnwrap(zip.entry(named: "a/long.txt"))), text)
      XCTAssertEqual(try zip.read(XCTUnwrap(zip.entry(like: "B.TXT")), atMost: 2), Array("hi".utf8))
      XCTAssertEqual(try zip.read(zip.entries[2]), [])
      XCTAssertNil(zip.entry(named: "B.TXT"))
    }
  }

  func testEntries_TellTimeAndKind() throws {
    var archive = ZIPBuilder()
    archive.add("file", [1])
    archive.add("folder/", [], isStored: true, mode: 0o040755)
    archive.add("link", Array("/etc/passwd".utf8), mode: 0o120777)
    archive.add("pipe", [], mode: 0o010644)
    archive.add("dos", [1], mode: 0o120777, maker: 0)
    try withFile(archive.bytes) { file in
      let entries = try ZIPReader(descriptor: file).entries
      XCTAssertEqual(entries.map(\.kind), [.file, .folder, .link, .special, .file])
      XCTAssertEqual(entries[0].modified?.description, "2024-05-06T12:34:56.000Z")
    }
  }

  func testEntries_TakeTheTimeInUTCWhereThereIsOne() throws {
    var archive = ZIPBuilder()
    archive.add("file", [1], extra: [0x55, 0x54, 5, 0, 1, 0, 0, 0, 1])
    try withFile(archive.bytes) { file in
      XCTAssertEqual(
        try ZIPReader(descriptor: file).entries[0].modified, Timestamp(milliseconds: 16_777_216_000))
    }
  }

  func testNames_AreUTF8OrOfCodePage437() throws {
    var archive = ZIPBuilder()
    archive.add("Grüße", [1])
    archive.add("", [1], flags: 0, maker: 0, rawName: [0x81, 0xE1])
    archive.add("", [1], flags: 0, maker: 3, rawName: Array("é".utf8))
    let raw: [UInt8] = [0x3F]
    let unicode = [0x75, 0x70, 8, 0, 1] + ZIPBuilder.little(Int(0x0F6F_1B54), 4) + Array("…".utf8)
    archive.add("", [1], flags: 0, maker: 0, rawName: raw, extra: unicode)
    try withFile(archive.bytes) { file in
      XCTAssertEqual(try ZIPReader(descriptor: file).entries.map(\.name).prefix(3), ["Grüße", "üß", "é"])
    }
  }

  func testRead_TakesSizesFromTheDirectory_WhereTheyStandBehindTheBytes() throws {
    var archive = ZIPBuilder()
    archive.add("a", text, lies: .init(isInDescriptor: true))
    archive.add("b", text, lies: .init(isInDescriptor: true))
    archive.comment = Array("PK and more".utf8)
    try withFile(archive.bytes) { file in
      let zip = try ZIPReader(descriptor: file)
      for entry in zip.entries { XCTAssertEqual(try zip.read(entry), text) }
    }
  }

  func testOpen_ReadsAnEmptyArchive() throws {
    try withFile(ZIPBuilder().bytes) { file in XCTAssertEqual(try ZIPReader(descriptor: file).entries.count, 0) }
  }

  func testContent_ComesInPiecesOfAnySize() throws {
    var archive = ZIPBuilder()
    archive.add("a", text)
    try withFile(archive.bytes) { file in
      let zip = try ZIPReader(descriptor: file)
      let source = try zip.content(of: zip.entries[0])
      var (got, piece) = ([UInt8](), [UInt8](repeating: 0, count: 777))
      while true {
        let count = try piece.withUnsafeMutableBytes { try source.fill($0) }
        got += piece[..<count]
        if count < piece.count { break }
      }
      XCTAssertEqual(got, text)
    }
  }
}
