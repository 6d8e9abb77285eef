import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// XMP, IPTC and texts between the formats that can hold them.
final class NotesTests: XCTestCase {
  private let xmp =
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description tiff:Orientation=\"6\" xmlns:dc='d'><dc:title>t</dc:title>"
    + "<dc:rights>(c) A. Person</dc:rights></rdf:Description></x:xmpmeta>"

  private func dataSet(_ number: UInt8, _ text: String) -> [UInt8] {
    [0x1C, 2, number, 0, UInt8(text.utf8.count)] + Array(text.utf8)
  }

  private var iptc: [UInt8] { dataSet(5, "title") + dataSet(80, "A. Person") + dataSet(116, "(c) A. Person") }

  /// Artist and copyright behind an orientation of a quarter turn.
  private var exif: [UInt8] {
    let text = Array("(c) A. Person\0".utf8)
    return Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 2, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
      + [0x82, 0x98, 0, 2, 0, 0, 0, UInt8(text.count), 0, 0, 0, 38, 0, 0, 0, 0] + text
  }

  private var notes: PictureNotes {
    PictureNotes(
      xmp: Array(xmp.utf8), iptc: iptc,
      texts: [.init(name: "Comment", text: "größer"), .init(name: "Comment", text: "→")])
  }

  private func jpeg(_ notes: PictureNotes, exif: [UInt8]? = nil) throws -> TestFile {
    let file = try TestFile()
    let attachments = PictureAttachments(exif: exif.map { EXIF($0) }, notes: notes.segments.bytes)
    let writer = try JPEGWriter(
      file.descriptor, PictureHeader(width: 60, height: 40, channels: 3), JPEGWriter.Settings(), attachments)
    try Picture.gradient(60, 40, 3).samples.withUnsafeBytes { try writer.write(40, from: $0) }
    _ = try writer.finish()
    return file
  }

  private func read(_ file: TestFile, _ format: Format) throws -> PictureNotes {
    defer { withExtendedLifetime(file) {} }
    let reader: any PictureReader =
      format == .png ? try PNGReader(file.descriptor) : try JPEGReader(file.descriptor)
    return try reader.notes()
  }

  func testStrip_Off_KeepsAllOfThemAndTurnsNothingTwice() throws {
    var file = try jpeg(notes, exif: exif)
    var format = Format.jpeg
    var expected = notes
    expected.xmp = Array(xmp.replacing("tiff:Orientation=\"6\"", with: "tiff:Orientation=\"1\"").utf8)
    for target: Format in [.jpeg, .png, .png, .jpeg] {
      let (outcome, kept) = try convert(file, from: format, to: target, ["strip": "false"])
      XCTAssertEqual([outcome.width, outcome.height], [40, 60])
      XCTAssertEqual(try read(kept, target), expected, "\(format.name) to \(target.name)")
      (file, format) = (kept, target)
    }
  }

  func testStrip_OffWithoutTurning_LeavesTheOrientation() throws {
    let kept = try convert(jpeg(notes, exif: exif), from: .jpeg, to: .png, ["strip": "false", "auto_orient": "false"])
    XCTAssertEqual(try read(kept.file, .png).xmp, Array(xmp.utf8))
  }

  func testStrip_LeavesNoneButTheCopyrightThatIsAskedFor() throws {
    let file = try jpeg(notes, exif: exif)
    for target: Format in [.jpeg, .png] {
      let stripped = try convert(file, from: .jpeg, to: target).file
      XCTAssert(try read(stripped, target).isEmpty)
      let kept = try convert(file, from: .jpeg, to: target, ["keep": "copyright,profile"]).file
      let left = try read(kept, target)
      XCTAssertEqual(left.iptc, dataSet(80, "A. Person") + dataSet(116, "(c) A. Person"))
      let packet = String(decoding: left.xmp ?? [], as: UTF8.self)
      XCTAssert(packet.contains("<dc:rights>(c) A. Person</dc:rights>"), packet)
      XCTAssertFalse(packet.contains("title"))
      XCTAssertEqual(left.texts, [])
      let reader: any PictureReader =
        target == .png ? try PNGReader(kept.descriptor) : try JPEGReader(kept.descriptor)
      let bytes = try XCTUnwrap(reader.exif()).bytes
      XCTAssert(bytes.indices.contains { bytes[$0...].starts(with: "(c) A. Person".utf8) })
      XCTAssertNil(try reader.exif()?.orientation)
    }
  }

  func testPNGTexts_OfEveryKind_BecomeComments() throws {
    var builder = PNGBuilder(width: 1, height: 1, bits: 8, colorType: 0)
    var packed: [UInt8] = []
    let text = Array(repeating: "long ", count: 50).joined()
    try Array(text.utf8).withUnsafeBytes { bytes in
      try Deflater(level: 6).add(bytes, isLast: true) { packed += $0 }
    }
    builder.chunk("tEXt", Array("Title\0".utf8) + [0xE9])
    builder.chunk("zTXt", Array("Comment\0\0".utf8) + packed)
    builder.chunk("iTXt", Array("Copyright\0\u{1}\0de\0Recht\0".utf8) + packed)
    builder.chunk("iTXt", Array("Author\0\0\0\0\0→".utf8))
    builder.chunk("zTXt", Array("Comment\0\0".utf8) + packed.dropLast(20))
    builder.finish(rows: [[7]])
    let file = try TestFile(builder.bytes)
    let texts = try read(convert(file, from: .png, to: .jpeg, ["strip": "false"]).file, .jpeg).texts.map(\.text)
    XCTAssertEqual(texts, ["Title: é", text, "Copyright: \(text)", "Author: →"])
    let names = try read(convert(file, from: .png, to: .png, ["keep": "copyright"]).file, .png).texts.map(\.name)
    XCTAssertEqual(names, ["Copyright", "Author"])
  }

  func testNotes_TooLongForASegment_AreLeftOutWithAWarning() throws {
    var builder = PNGBuilder(width: 1, height: 1, bits: 8, colorType: 0)
    builder.chunk("tEXt", Array("Comment\0".utf8) + [UInt8](repeating: 0x41, count: 65_534))
    builder.finish(rows: [[7]])
    let (outcome, file) = try convert(try TestFile(builder.bytes), from: .png, to: .jpeg, ["strip": "false"])
    XCTAssertEqual(outcome.warnings, [.metadataLeftOut])
    XCTAssert(try read(file, .jpeg).isEmpty)
  }

  func testIPTC_OfBrokenResources_IsNone() throws {
    let whole = IPTC.resources(with: iptc)
    XCTAssertEqual(IPTC.dataSets(in: whole), iptc)
    XCTAssertEqual(IPTC.dataSets(in: Array("8BIM".utf8) + [4, 0x0C, 0, 0, 0, 0, 0, 1, 9, 0] + whole), iptc)
    for count in 0..<whole.count - 1 { XCTAssertNil(IPTC.dataSets(in: Array(whole.prefix(count))), "\(count)") }
    XCTAssertNil(IPTC.dataSets(in: Array("8BIM".utf8) + [4, 4, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0]))
    XCTAssertNil(IPTC.copyright(of: [0x1C, 2, 116, 0xFF, 0xFF, 1]))
  }

  func testKeep_IsRefusedForWordsThatAreNotKnown() throws {
    XCTAssertThrowsError(try ConversionOptions(["keep": "copyright,gps"]))
    XCTAssertThrowsError(try ConversionOptions(["keep": ""]))
    XCTAssertEqual(
      try ConversionOptions(["keep": "profile,copyright"]), try ConversionOptions(["keep": "copyright,profile"]))
  }
}
