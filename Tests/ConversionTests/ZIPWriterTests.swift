import Basics
import Foundation
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class ZIPWriterTests: XCTestCase {
  private let moment = Timestamp(milliseconds: 1_700_000_000_000)

  /// What another program says of an archive; skips where it is not installed.
  private func ask(_ archive: TestFile, _ words: String...) throws -> (code: Int32, text: String) {
    let path = FileManager.default.temporaryDirectory.appending(path: "wonder-\(UUID().uuidString).zip")
    try Data(archive.bytes).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words.map { $0 == "ARCHIVE" ? path.path : $0 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try XCTSkipIf(process.terminationStatus == 127, "\(words[0]) is not installed")
    return (process.terminationStatus, text)
  }

  /// The entries as Python's zipfile reads them: name, size, whether stored, CRC-32, and time.
  private func entries(_ archive: TestFile) throws -> [String] {
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
      for e in z.infolist(): print(e.filename, e.file_size, e.compress_type, len(z.read(e)), *e.date_time, e.flag_bits)
      """
    let (code, text) = try ask(archive, "python3", "-c", script, "ARCHIVE")
    XCTAssertEqual(code, 0, text)
    return text.split(separator: "\n").map(String.init)
  }

  private func write(
    _ files: [(name: String, bytes: [UInt8])], _ thresholds: ZIPWriter.Thresholds = .init()
  ) throws -> TestFile {
    let output = try TestFile()
    let writer = ZIPWriter(output.descriptor, thresholds: thresholds)
    for (name, bytes) in files {
      let file = try TestFile(bytes)
      try writer.add(name, from: file.descriptor, at: moment)
    }
    XCTAssertEqual(try writer.finish(), Int64(output.bytes.count))
    return output
  }

  func testArchive_OfSeveralFiles_IsReadByOthers() throws {
    let png = try Picture.gradient(30, 20, 3).png().bytes
    let text = Array(String(repeating: "to and fro, ", count: 50_000).utf8)
    let archive = try write([("a.png", png), ("folder/täglich 日.txt", text), ("empty", [])])
    XCTAssertEqual(
      try entries(archive),
      [
        "a.png \(png.count) 0 \(png.count) 2023 11 14 22 13 20 2048",
        "folder/täglich 日.txt 600000 8 600000 2023 11 14 22 13 20 2048", "empty 0 0 0 2023 11 14 22 13 20 2048",
      ])
    XCTAssertLessThan(archive.bytes.count, png.count + 4000)
    let (code, said) = try ask(archive, "unzip", "-t", "ARCHIVE")
    XCTAssertEqual(code, 0, said)
  }

  func testArchive_WithoutFiles_IsOne() throws {
    XCTAssertEqual(try entries(try write([])), [])
  }

  func testArchive_OverEachThreshold_IsReadAsZip64() throws {
    let files = [("one.txt", Array("first".utf8)), ("two.txt", [UInt8](repeating: 7, count: 5000)), ("three", [1])]
    for bytes in [1, 40, 60, 1000, 5200] as [Int64] {
      var thresholds = ZIPWriter.Thresholds()
      thresholds.bytes = bytes
      thresholds.entries = bytes == 40 ? 2 : 0xFFFF
      let archive = try write(files.map { (name: $0.0, bytes: $0.1) }, thresholds)
      XCTAssertEqual(try entries(archive).map { $0.split(separator: " ")[1] }, ["5", "5000", "1"], "\(bytes)")
      let (code, said) = try ask(archive, "unzip", "-t", "ARCHIVE")
      XCTAssertEqual(code, 0, "\(bytes): \(said)")
    }
  }

  func testArchive_OfMoreEntriesThanTheOldFormatCounts_IsReadByOthers() throws {
    let output = try TestFile()
    let source = try TestFile([65])
    let writer = ZIPWriter(output.descriptor)
    for number in 0..<65_540 { try writer.add("\(number)", from: source.descriptor, at: moment) }
    _ = try writer.finish()
    let (code, text) = try ask(
      output, "python3", "-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))", "ARCHIVE")
    XCTAssertEqual(code, 0, text)
    XCTAssertEqual(text, "65540\n")
  }

  func testTimes_OutsideTheFormatsYears_AreItsFirstAndLast() throws {
    let source = try TestFile([1])
    for (milliseconds, year) in [(0, "1980 1 1 0 0 0"), (9_000_000_000_000, "2107 12 31 23 59 58")] as [(Int64, String)]
    {
      let output = try TestFile()
      let writer = ZIPWriter(output.descriptor)
      try writer.add("a", from: source.descriptor, at: Timestamp(milliseconds: milliseconds))
      _ = try writer.finish()
      XCTAssertEqual(try entries(output), ["a 1 0 1 \(year) 2048"])
    }
  }

  func testNames_ThatLeadAstray_AreRefusedAndLeaveTheArchiveWhole() throws {
    let output = try TestFile()
    let source = try TestFile([1, 2, 3])
    let writer = ZIPWriter(output.descriptor)
    try writer.add("a/b.txt", from: source.descriptor, at: moment)
    let bad = [
      "", "/", "/etc/passwd", "..", "../x", "a/../x", "a//x", "a/", "./x", "x/.", "C:\\x", "c:x", "\\\\host\\x", "a\\b",
      "new\nline", "nul\0", "\u{85}", "a/b.txt", "A/B.TXT", "a/b.txt/c", "a", String(repeating: "x", count: 65_536),
    ]
    for name in bad {
      let failed = failure { try writer.add(name, from: source.descriptor, at: moment) }
      XCTAssertEqual(failed?.code, .internalError, name)
    }
    try writer.add("a/c.txt", from: source.descriptor, at: moment)
    _ = try writer.finish()
    XCTAssertEqual(try entries(output).count, 2)
  }

  func testNames_MadeOfAnything_AreRefusedOrRead() throws {
    let pieces = [
      "a", "..", ".", "/", "\\", "\u{0}", "é", "e\u{301}", "\u{202E}", ":", "C", "🏞", " ", "\u{7F}", "~", "%2F",
    ]
    var state: UInt64 = 42
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let output = try TestFile()
    let source = try TestFile([1])
    let writer = ZIPWriter(output.descriptor)
    var taken = 0
    for _ in 0..<5000 {
      let name = (0...next(6)).map { _ in pieces[next(pieces.count)] }.joined()
      if (try? writer.add(name, from: source.descriptor, at: moment)) != nil { taken += 1 }
    }
    _ = try writer.finish()
    XCTAssertGreaterThan(taken, 500)
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
      for name in z.namelist():
          assert name and not name.startswith("/") and not {"", ".", ".."} & set(name.split("/")), name
      print(len(set(z.namelist())))
      """
    let (code, text) = try ask(output, "python3", "-c", script, "ARCHIVE")
    XCTAssertEqual(code, 0, text)
    XCTAssertEqual(text, "\(taken)\n")
  }

  func testSource_ThatCannotBeRead_BreaksTheArchive() throws {
    let output = try TestFile()
    let closed = ZIPWriter(output.descriptor)
    XCTAssertEqual(failure { try closed.add("a", from: -1, at: moment) }?.code, .internalError)
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let writer = ZIPWriter(full)
    let file = try TestFile([UInt8](repeating: 9, count: 100))
    XCTAssertEqual(failure { try writer.add("b", from: file.descriptor, at: moment) }?.code, .diskFull)
    XCTAssertEqual(failure { _ = try writer.finish() }?.code, .internalError)
  }

  func testConvert_ToZIP_HasEverySourceUnderItsName() throws {
    let sources = [try Picture.gradient(8, 8, 3).png(), try TestFile(Array("words\n".utf8)), try TestFile([0, 1, 2])]
    let output = try TestFile()
    var conversion = Conversion(from: nil, to: .zip)
    let files = ConversionFiles(sources: sources.map(\.descriptor), output: output.descriptor)
    let outcome = try Catalogue.standard.convert(conversion, limits: ConversionLimits(), files: files)
    XCTAssertNil(outcome.width)
    XCTAssertEqual(try entries(output).map { $0.prefix { $0 != " " } }, ["1.png", "2", "3"])
    conversion.names = ["p.png", "w.txt", "d/b.bin"]
    _ = try Catalogue.standard.convert(conversion, limits: ConversionLimits(), files: files)
    XCTAssertEqual(try entries(output).map { $0.prefix { $0 != " " } }, ["p.png", "w.txt", "d/b.bin"])
    conversion.names = ["p.png", "../w.txt", "b.bin"]
    XCTAssertNotNil(
      failure { _ = try Catalogue.standard.convert(conversion, limits: ConversionLimits(), files: files) })
    withExtendedLifetime(sources) {}
  }
}
