import Archives
import Basics
import Formats
import XCTest

@testable import Conversion

/// Archives into each other, their lists, and what is in them.
final class ArchiveConversionTests: XCTestCase {
  private let files: [(name: String, bytes: [UInt8])] = [
    ("a.txt", Array("hello\n".utf8)), ("d/b.csv", Array("x,y\n1,2\n".utf8)), ("empty", []),
    ("d/é.bin", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }),
  ]

  private func tar(_ names: [String]? = nil, link: Bool = false) throws -> TestFile {
    var bytes: [UInt8] = []
    let tar = TARWriter { bytes += $0 }
    for (index, file) in files.enumerated() {
      let name = names.map { $0[index] } ?? file.name
      try tar.add(name, size: file.bytes.count, at: nil, from: ContentSource(file.bytes))
    }
    try tar.addFolder("folder", at: nil)
    try tar.finish()
    if link {
      // The folder's type becomes that of a link, and its sum one less... or more.
      let place = bytes.lastIndex(of: UInt8(ascii: "5")).flatMap { $0 % 512 == 156 ? $0 - 156 : nil }
      let header = try XCTUnwrap(place)
      bytes[header + 156] = UInt8(ascii: "2")
      bytes.replaceSubrange(header + 148..<header + 156, with: [UInt8](repeating: 0x20, count: 8))
      let sum = bytes[header..<header + 512].reduce(0) { $0 + Int($1) }
      let digits = Array(String(sum, radix: 8).utf8)
      bytes.replaceSubrange(
        header + 148..<header + 155, with: [UInt8](repeating: 0x30, count: 6 - digits.count) + digits + [0])
    }
    return try TestFile(bytes)
  }

  private func parts(_ made: (outcome: ConversionOutcome, file: TestFile)) throws -> [(part: FilePart, bytes: [UInt8])]
  {
    let list = Int(try XCTUnwrap(made.outcome.list))
    let bytes = made.file.bytes
    let parts = try XCTUnwrap(FilePart.list(Array(bytes[list...])))
    var place = 0
    return parts.map { part in
      defer { place += Int(part.size) }
      return (part, Array(bytes[place..<place + Int(part.size)]))
    }
  }

  func testRepack_KeepsEveryFileThroughEveryKind() throws {
    var file = try tar()
    var format = Format.tar
    for next: Format in [.zip, .tgz, .tar, .tgz, .zip, .tar] {
      file = try convert(file, from: format, to: next).file
      format = next
      let found = try parts(convert(file, from: next, to: .files))
      XCTAssertEqual(found.map(\.part.name), files.map(\.name), next.name)
      XCTAssertEqual(found.map(\.bytes), files.map(\.bytes), next.name)
    }
  }

  func testExtract_TellsWhatEachFileIs() throws {
    let found = try parts(convert(tar(), from: .tar, to: .files))
    XCTAssertEqual(found.map(\.part.format), [.txt, .csv, nil, nil])
  }

  func testExtract_LeavesOutLinksWithAWarning() throws {
    let made = try convert(tar(link: true), from: .tar, to: .files)
    XCTAssertEqual(made.outcome.warnings, [.entriesLeftOut])
    XCTAssertEqual(try parts(made).count, 4)
  }

  func testExtract_RefusesNamesThatLeadElsewhere() throws {
    for name in ["../x", "/x", "a/../../x", "a\u{1}b", "a.txt", "C:/x"] {
      let names = ["a.txt", name, "c", "d"]
      for target: Format in [.files, .zip, .tgz] {
        let failed = failure { _ = try convert(try tar(names), from: .tar, to: target) }
        XCTAssertEqual(failed?.code, .damagedFile, name)
        XCTAssertEqual(failed?.message.hasPrefix("the file is no valid TAR: the entry \""), true, failed?.message ?? "")
      }
    }
  }

  func testExtract_RefusesMoreFilesThanAJobHas() throws {
    var bytes: [UInt8] = []
    let tar = TARWriter { bytes += $0 }
    for number in 0...FilePart.most { try tar.add("\(number)", size: 0, at: nil, from: ContentSource([])) }
    try tar.finish()
    let failed = failure { _ = try convert(TestFile(bytes), from: .tar, to: .files) }
    XCTAssertEqual(failed?.message, "more than 1000 files are in it; so many are taken out at one time")
  }

  func testExtract_OfNothing_IsRefused() throws {
    let failed = failure { _ = try convert(TestFile([UInt8](repeating: 0, count: 1024) + [1]), from: .tar, to: .files) }
    XCTAssertEqual(failed?.code, .formatMismatch)
    let empty = try TestFile(Array([0x50, 0x4B, 5, 6]) + [UInt8](repeating: 0, count: 18))
    XCTAssertEqual(failure { _ = try convert(empty, from: .zip, to: .files) }?.message, "there are no files in it")
  }

  func testList_TellsNamesKindsAndSizes() throws {
    let zip = try convert(tar(), from: .tar, to: .zip).file
    for (file, format) in [(try tar(), Format.tar), (zip, .zip)] {
      let list = try JSONReader.parse(convert(file, from: format, to: .json).file.bytes)
      let entries = try XCTUnwrap(list["entries"]?.array)
      XCTAssertEqual(entries.map { $0["name"]?.string }, files.map(\.name) + ["folder/"])
      XCTAssertEqual(entries.map { $0["size"]?.integer }, files.map { Int64($0.bytes.count) } + [0])
      XCTAssertEqual(entries.last?["kind"]?.string, "folder")
      XCTAssertEqual(list["count"]?.integer, 5)
      XCTAssertEqual(list["size"]?.integer, 100_014)
    }
  }

  func testGzip_IsUndoneWhereItIsWhatWasAskedFor() throws {
    let csv = try TestFile(files[1].bytes)
    let output = try TestFile()
    let packed = ConversionFiles(sources: [csv.descriptor], output: output.descriptor)
    _ = try Catalogue.standard.convert(Conversion(from: nil, to: .gz), limits: ConversionLimits(), files: packed)
    XCTAssertEqual(try convert(output, from: .gz, to: .csv).file.bytes, files[1].bytes)
    let failed = failure { _ = try convert(output, from: .gz, to: .svg) }
    XCTAssertEqual(failed?.message, "what is in the file is text, and not SVG")
    let found = try parts(convert(output, from: .gz, to: .files))
    XCTAssertEqual(found.map(\.part.name), [nil])
    XCTAssertEqual(found[0].bytes, files[1].bytes)
    for target: Format in [.zip, .tar, .tgz] {
      let inside = try parts(convert(convert(output, from: .gz, to: target).file, from: target, to: .files))
      XCTAssertEqual(inside.map(\.bytes), [files[1].bytes])
    }
  }

  func testPack_TakesArchivesAsTheyAre_AmongOthers() throws {
    let (one, other, output) = (try tar(), try TestFile([1]), try TestFile())
    for target in Format.packs {
      var conversion = Conversion(from: nil, to: target)
      conversion.names = ["one.tar", "other"]
      let sources = ConversionFiles(sources: [one.descriptor, other.descriptor], output: output.descriptor)
      _ = try Catalogue.standard.convert(conversion, limits: ConversionLimits(), files: sources)
      let found = try parts(convert(output, from: target, to: .files))
      XCTAssertEqual(found.map(\.part.name), ["one.tar", "other"])
      XCTAssertEqual(found.map(\.bytes), [one.bytes, [1]])
    }
  }
}
