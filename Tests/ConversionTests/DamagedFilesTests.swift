import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// What the picture needs was read, so it is a picture: damage beside the pixels is a warning, missing rows are refused.
final class DamagedFilesTests: XCTestCase {
  private let picture = Picture.gradient(37, 29, 3)

  /// What a file comes to, and what is said of it.
  private func take(
    _ bytes: [UInt8], _ format: Format, _ options: [String: String] = [:]
  ) throws -> (picture: Picture, warnings: [ConversionWarning]) {
    let (outcome, file) = try convert(try TestFile(bytes), from: format, to: .png, options)
    return (try Picture(png: file), outcome.warnings)
  }

  private func assertTaken(
    _ bytes: [UInt8], _ format: Format, as expected: Picture, _ warnings: [ConversionWarning], _ name: String = "",
    line: UInt = #line
  ) throws {
    let taken = try take(bytes, format)
    XCTAssert(taken.picture == expected, "\(name): other pixels", line: line)
    XCTAssertEqual(taken.warnings, warnings, name, line: line)
  }

  private func assertRefused(_ bytes: [UInt8], _ format: Format, _ name: String = "", line: UInt = #line) throws {
    let failed = failure { _ = try take(bytes, format) }
    XCTAssertEqual(failed?.code, .damagedFile, name, line: line)
  }

  /// A PNG of each kind of reader: ours, and libpng's by rows and by passes.
  private func pngs(_ chunks: [(name: String, data: [UInt8])] = []) -> [(
    name: String, bytes: [UInt8], picture: Picture
  )] {
    let grey = Picture(5, 1, 1) { x, _, _ in x * 50 }
    func build(_ bits: Int, interlaced: Bool, _ rows: [[UInt8]]) -> [UInt8] {
      var builder = PNGBuilder(width: 5, height: 1, bits: bits, colorType: 0, interlaced: interlaced)
      for chunk in chunks { builder.chunk(chunk.name, chunk.data) }
      builder.finish(rows: rows)
      return builder.bytes
    }
    let row = grey.samples
    return [
      ("8 bits", build(8, interlaced: false, [row]), grey),
      ("16 bits", build(16, interlaced: false, [row.flatMap { [$0, 0] }]), grey),
      ("passes", build(8, interlaced: true, [[row[0]], [row[4]], [row[2]], [row[1], row[3]]]), grey),
    ]
  }

  private func place(of name: String, in bytes: [UInt8]) throws -> Int {
    try XCTUnwrap(bytes.indices.first { bytes[$0...].starts(with: name.utf8) })
  }

  /// Makes the sum of a chunk wrong.
  private func spoil(_ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
    var bytes = bytes
    let place = try place(of: name, in: bytes)
    let length = bytes[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
    bytes[place + 4 + length] ^= 0x55
    return bytes
  }

  func testPNG_WrongSumOfAChunkThatIsNotNeeded_IsLeftOut() throws {
    let turned: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let chunks: [(name: String, data: [UInt8])] = [
      ("tEXt", Array("Title\0x".utf8)), ("eXIf", turned), ("gAMA", [0, 1, 0x86, 0xA0]), ("abCd", [1, 2]),
      ("pHYs", [0, 0, 1, 0, 0, 0, 1, 0, 1]), ("iCCP", Array("a\0\0x".utf8)),
    ]
    for chunk in chunks {
      for (name, bytes, expected) in pngs([chunk]) {
        try assertTaken(spoil(chunk.name, bytes), .png, as: expected, [.partLeftOut], "\(chunk.name), \(name)")
      }
    }
  }

  func testPNG_WrongSumOfWhatThePixelsAreMadeOf_IsDamaged() throws {
    var builder = PNGBuilder(width: 3, height: 1, bits: 8, colorType: 3)
    builder.chunk("PLTE", [10, 20, 30, 40, 50, 60])
    builder.chunk("tRNS", [128])
    builder.finish(rows: [[0, 1, 0]])
    for name in ["IHDR", "PLTE", "tRNS"] { try assertRefused(spoil(name, builder.bytes), .png, name) }
  }

  func testPNG_WrongSumOfDataWhoseRowsAllCame_IsAWarning() throws {
    for (name, bytes, expected) in pngs() {
      try assertTaken(spoil("IDAT", bytes), .png, as: expected, [.checksumWrong], name)
      var wrong = bytes
      wrong[bytes.count - 17] ^= 1
      PNGBuilder.repair(&wrong)
      try assertTaken(wrong, .png, as: expected, [.checksumWrong], "\(name), Adler-32")
    }
  }

  func testPNG_WithoutItsEnd_IsAPicture() throws {
    for (name, bytes, expected) in pngs() {
      // The end chunk, the chunk's sum, and the stream's.
      for missing in 1...20 {
        try assertTaken(Array(bytes.dropLast(missing)), .png, as: expected, [.endMissing], "\(name), \(missing) bytes")
      }
      try assertTaken(spoil("IEND", bytes), .png, as: expected, [.endMissing], name)
    }
  }

  func testPNG_WithoutRows_IsRefusedUnlessDamageIsAllowed() throws {
    let whole = try picture.png().bytes
    let cut = Array(whole.prefix(whole.count / 2))
    try assertRefused(cut, .png)
    let (taken, warnings) = try take(cut, .png, ["allow_damaged": "true"])
    XCTAssert(warnings.contains(.rowsMissing))
    let rowBytes = picture.width * 3
    let rows = (0..<picture.height).filter {
      taken.samples[$0 * rowBytes..<($0 + 1) * rowBytes] == picture.samples[$0 * rowBytes..<($0 + 1) * rowBytes]
    }
    XCTAssertGreaterThan(rows.count, 3)
    XCTAssertEqual(rows, Array(0..<rows.count))
    XCTAssert(taken.samples.suffix(rowBytes * 3).allSatisfy { $0 == 255 })
    let nothing = try Array(whole.prefix(place(of: "IDAT", in: whole) + 4))
    XCTAssertEqual(failure { _ = try take(nothing, .png, ["allow_damaged": "true"]) }?.code, .damagedFile)
  }

  private func scan(of bytes: [UInt8]) throws -> Int {
    try XCTUnwrap(bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xDA]) })
  }

  func testJPEG_WithoutItsEnd_IsAPicture() throws {
    for options in [[:], ["progressive": "true"], ["grayscale": "true"], ["subsampling": "444"]] {
      let whole = try convert(try picture.png(), from: .png, to: .jpeg, options).file.bytes
      let expected = try take(whole, .jpeg)
      XCTAssertEqual(expected.warnings, [])
      let ends: [[UInt8]] = [[], [0xFF], Array("a trailer".utf8), [0, 0, 0, 0xFF, 0, 7], [1, 2, 0xFF, 0xC4, 0, 9]]
      for end in ends {
        try assertTaken(whole.dropLast(2) + end, .jpeg, as: expected.picture, [.endMissing], "\(options) \(end)")
      }
    }
  }

  func testJPEG_WithoutPixels_IsRefusedUnlessDamageIsAllowed() throws {
    for options in [[:], ["progressive": "true"]] {
      let whole = try convert(try Picture.gradient(160, 160, 3).png(), from: .png, to: .jpeg, options).file.bytes
      let start = try XCTUnwrap(whole.indices.first { whole[$0...].starts(with: [0xFF, 0xDA]) })
      for count in [(start + whole.count) / 2, whole.count - 12, whole.count - 4] {
        try assertRefused(Array(whole.prefix(count)), .jpeg, "\(options), \(count) of \(whole.count)")
        let taken = try take(Array(whole.prefix(count)), .jpeg, ["allow_damaged": "true"])
        XCTAssert(taken.warnings.contains(.rowsMissing))
        XCTAssertEqual(taken.picture.samples.count, 160 * 160 * 3)
      }
    }
  }

  /// Each scan adds to all pixels, so a file that ends between two has lost some of each.
  func testJPEG_WithoutItsLastScans_IsRefused() throws {
    let whole = try convert(try picture.png(), from: .png, to: .jpeg, ["progressive": "true"]).file.bytes
    let scans = whole.indices.filter { whole[$0...].starts(with: [0xFF, 0xDA]) }
    XCTAssertGreaterThan(scans.count, 3)
    for scan in scans.dropFirst() {
      // Without the tables before the scan, too.
      let end = whole[..<scan].lastIndex(of: 0xC4).map { $0 - 1 } ?? scan
      for count in [scan, end] { try assertRefused(Array(whole.prefix(count)), .jpeg, "\(count) of \(whole.count)") }
    }
  }

  func testJPEG_WithoutItsEnd_IsGivenOneInAPDF() throws {
    let whole = try picture.jpeg().bytes
    let (outcome, pdf) = try convert(try TestFile(whole.dropLast(2)), from: .jpeg, to: .pdf)
    XCTAssertEqual(outcome.warnings, [.endMissing])
    let scan = Array(whole[try scan(of: whole)...])
    let bytes = pdf.bytes
    XCTAssert(bytes.indices.contains { bytes[$0...].starts(with: scan) })
    XCTAssertEqual(
      try convert(try TestFile(whole.dropLast(9)), from: .jpeg, to: .pdf, ["allow_damaged": "true"]).outcome.warnings,
      [.endMissing, .rowsMissing])
  }

  private func bmp(_ compression: Int, _ pixels: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = Array("BM".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 54 + 16, 0, 0, 0, 40, 0, 0, 0]
    bytes += [3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 8, 0, UInt8(compression), 0, 0, 0] + [UInt8](repeating: 0, count: 12)
    bytes += [4, 0, 0, 0, 0, 0, 0, 0]
    bytes += [0, 0, 0, 0, 10, 10, 10, 0, 20, 20, 20, 0, 30, 30, 30, 0]
    return bytes + pixels
  }

  private func grey(_ samples: [UInt8]) -> Picture {
    Picture(3, 2, 1) { x, y, _ in Int(samples[y * 3 + x]) }
  }

  func testBMP_WithoutTheLastPadding_IsAPicture() throws {
    let expected = grey([30, 0, 10, 10, 20, 30])
    let bytes = bmp(0, [1, 2, 3, 0, 3, 0, 1, 0])
    try assertTaken(bytes, .bmp, as: expected, [])
    try assertTaken(bytes.dropLast(1), .bmp, as: expected, [.endMissing])
    try assertRefused(bytes.dropLast(2), .bmp)
    let taken = try take(bytes.dropLast(2), .bmp, ["allow_damaged": "true"])
    XCTAssertEqual(taken.warnings, [.endMissing, .rowsMissing])
    XCTAssertEqual(taken.picture, grey([255, 255, 255, 10, 20, 30]))
  }

  func testBMP_RunsWithoutTheirEndMark_AreAPicture() throws {
    let expected = grey([20, 20, 20, 10, 10, 10])
    try assertTaken(bmp(1, [3, 1, 0, 0, 3, 2, 0, 1]), .bmp, as: expected, [])
    for end: [UInt8] in [[], [0], [0, 0], [0, 0, 0]] {
      try assertTaken(bmp(1, [3, 1, 0, 0, 3, 2] + end), .bmp, as: expected, [.endMissing], "\(end)")
    }
    for cut: [UInt8] in [[3, 1], [3, 1, 0, 0], [3, 1, 0, 0, 2, 2]] {
      try assertRefused(bmp(1, cut), .bmp, "\(cut)")
      XCTAssertEqual(try take(bmp(1, cut), .bmp, ["allow_damaged": "true"]).warnings, [.rowsMissing])
    }
  }

  func testQOI_WithoutItsEndMark_IsAPicture() throws {
    let whole = try convert(try picture.png(), from: .png, to: .qoi).file.bytes
    for missing in [0, 1, 5, 8] {
      try assertTaken(whole.dropLast(missing), .qoi, as: picture, missing == 0 ? [] : [.endMissing], "\(missing)")
    }
  }

  func testIcon_WithoutItsMaskBesideAlpha_IsAPicture() throws {
    let alpha = Picture(16, 16, 4) { x, y, channel in channel == 3 ? 200 : x * 9 + y * channel }
    let whole = try convert(try alpha.png(), from: .png, to: .cur).file.bytes
    let expected = try take(whole, .cur)
    XCTAssertEqual(expected.warnings, [])
    try assertTaken(whole.dropLast(1), .cur, as: expected.picture, [.endMissing])
  }

  func testRowsInTheMiddle_OfFormatsWithoutMarks_StayEmpty() throws {
    for format: Format in [.tga, .pam, .pnm] {
      let whole = try convert(try picture.png(), from: .png, to: format).file.bytes
      let cut = Array(whole.prefix(whole.count * 2 / 3))
      try assertRefused(cut, format, "\(format)")
      XCTAssertEqual(try take(cut, format, ["allow_damaged": "true"]).warnings, [.rowsMissing], "\(format)")
    }
  }

  func testWatermark_WithoutItsEnd_WarnsToo() throws {
    let output = try TestFile()
    let (source, overlay) = (try picture.png(), try TestFile(picture.png().bytes.dropLast(12)))
    let outcome = try Catalogue.standard.convert(
      Conversion(from: .png, to: .jpeg), limits: ConversionLimits(),
      files: ConversionFiles(
        sources: [source.descriptor], overlay: overlay.descriptor, output: output.descriptor))
    withExtendedLifetime((source, overlay, output)) {}
    XCTAssertEqual(outcome.warnings, [.endMissing])
  }

  func testPages_TellWhatWasWrongWithAnyOfThem() throws {
    let output = try TestFile()
    let files = [
      try picture.png(), try TestFile(spoil("IDAT", picture.png().bytes)),
      try TestFile(picture.jpeg().bytes.dropLast(2)),
    ]
    let outcome = try Catalogue.standard.convert(
      Conversion(from: nil, to: .pdf, options: ConversionOptions(["merge": "true"])), limits: ConversionLimits(),
      files: ConversionFiles(sources: files.map(\.descriptor), output: output.descriptor))
    withExtendedLifetime((files, output)) {}
    XCTAssertEqual(outcome.warnings, [.checksumWrong, .endMissing])
  }

  func testReport_OfAChild_KeepsOnlyTheWordsOfTheList() throws {
    let outcome = ConversionOutcome(
      size: 1, width: nil, height: nil, sha256: [UInt8](repeating: 0, count: 32), warnings: [.endMissing])
    guard case .done(let same) = ChildReport(ChildReport.done(outcome).json) else { return XCTFail("no report") }
    XCTAssertEqual(same.warnings, [.endMissing])
    XCTAssertEqual(
      ConversionWarning.list("end_missing <script> end_missing part_left_out \u{202E}"), [.partLeftOut, .endMissing])
    XCTAssert(ConversionWarning.allCases.allSatisfy { $0.sentence.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
  }
}
