import Basics
import XCTest

@testable import Archives

/// TAR archives of every kind of program, and those that no program made.
final class TARTests: XCTestCase {
  private typealias Read = (name: String, kind: ArchiveEntryKind, content: [UInt8])

  private func read(_ bytes: [UInt8], atMost most: Int = .max, _ limits: ArchiveLimits = ArchiveLimits()) throws
    -> [Read]
  {
    let tar = TARReader(BytesSource(bytes, atMost: most), limits: limits)
    var all: [Read] = []
    while let entry = try tar.next() { all.append((entry.name, entry.kind, try tar.content.whole())) }
    return all
  }

  private func refusal(_ tar: TARBuilder, _ limits: ArchiveLimits = ArchiveLimits()) -> ArchiveFault? {
    fault { _ = try read(tar.ended, limits) }
  }

  func testRead_GivesFilesAndTellsWhatIsNone() throws {
    var tar = TARBuilder()
    tar.add("a.txt", Array("hello".utf8))
    tar.add("folder/", type: "5")
    tar.add("link", type: "2", size: Array("00000000005\u{0}".utf8))
    tar.add("hard", type: "1")
    tar.add("device", type: "3")
    tar.add("old/", type: "\u{0}")
    tar.add("b", [UInt8](repeating: 7, count: 1000), type: "\u{0}", magic: "")
    for most in [Int.max, 1, 511] {
      let entries = try read(tar.ended, atMost: most)
      XCTAssertEqual(entries.map(\.name), ["a.txt", "folder/", "link", "hard", "device", "old/", "b"])
      XCTAssertEqual(entries.map(\.kind), [.file, .folder, .link, .link, .special, .folder, .file])
      XCTAssertEqual(entries[0].content, Array("hello".utf8))
      XCTAssertEqual(entries[6].content, [UInt8](repeating: 7, count: 1000))
    }
  }

  /// The least number that eight bytes hold has no counterpart above zero.
  func testRead_OfATimeOutOfAllBounds_HasNone() throws {
    var tar = TARBuilder()
    tar.add("a", [1], time: [0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0])
    XCTAssertEqual(try read(tar.ended).map(\.name), ["a"])
  }

  func testRead_PassesOverWhatStandsBehindFoldersAndLinks() throws {
    let size = Array("00000000005\u{0}".utf8)
    var tar = TARBuilder()
    tar.add("d/", Array("Ya\u{0}\u{0}".utf8), type: "D")
    tar.add("bare", type: "1", size: size)
    tar.add("copy", Array("hello".utf8), type: "1")
    tar.add("long", [UInt8](repeating: 7, count: 1500), type: "1")
    tar.add("block", [UInt8](repeating: 7, count: 512), type: "1")
    tar.add("a", [1])
    tar.add("last", type: "1", size: size)
    for most in [Int.max, 1, 511] {
      for bytes in [tar.ended, tar.bytes] {
        let entries = try read(bytes, atMost: most)
        XCTAssertEqual(entries.map(\.name), ["d/", "bare", "copy", "long", "block", "a", "last"])
        XCTAssertEqual(entries.map(\.kind), [.folder, .link, .link, .link, .link, .file, .link])
        XCTAssertEqual(entries.map(\.content), [[], [], [], [], [], [1], []])
      }
    }
    var cut = TARBuilder()
    cut.add("d/", [UInt8](repeating: 7, count: 1500), type: "D")
    XCTAssertNotNil(fault { _ = try read(Array(cut.bytes[..<1000])) })
  }

  func testRead_LetsAnEmptyRecordTakeOneOfAllEntriesAway() throws {
    var tar = TARBuilder()
    tar.add("all", TARBuilder.record("path", "common"), type: "g")
    tar.add("a")
    tar.add("own", TARBuilder.record("path", ""), type: "x")
    tar.add("b")
    tar.add("c")
    XCTAssertEqual(try read(tar.ended).map(\.name), ["common", "b", "common"])
  }

  func testRead_TakesLongNamesOfEachKind() throws {
    let long = String(repeating: "ä/", count: 150) + "end"
    var tar = TARBuilder()
    tar.add("name", [1], prefix: "some/folder")
    tar.add("././@LongLink", Array(long.utf8) + [0], type: "L", magic: "ustar  \u{0}")
    tar.add("cut", [2], magic: "ustar  \u{0}")
    tar.add("pax", TARBuilder.record("path", long) + TARBuilder.record("comment", "x"), type: "x")
    tar.add("cut", [3])
    tar.add("plain", [4])
    XCTAssertEqual(try read(tar.ended).map(\.name), ["some/folder/name", long, long, "plain"])
  }

  func testRead_TakesSizesOfEachKind() throws {
    var tar = TARBuilder()
    tar.add("binary", [1, 2, 3], size: [0x80] + [UInt8](repeating: 0, count: 10) + [3])
    tar.add("pax", TARBuilder.record("size", "4") + TARBuilder.record("mtime", "1.5"), type: "x")
    tar.add("large", [1, 2, 3, 4], size: Array("00000000000\u{0}".utf8))
    tar.add("spaced", [9], size: Array("         1 \u{0}".utf8))
    XCTAssertEqual(try read(tar.ended).map(\.content.count), [3, 4, 1])
  }

  func testNext_TellsTimes() throws {
    var tar = TARBuilder()
    tar.add("pax", TARBuilder.record("mtime", "1.5"), type: "x")
    tar.add("a")
    tar.add("b")
    tar.add("c", time: Array("junkjunkjunk".utf8))
    let reader = TARReader(BytesSource(tar.ended))
    let times = try (0..<3).map { _ in try reader.next()?.modified?.milliseconds }
    XCTAssertEqual(times, [1500, 15_000, nil])
  }

  func testNext_PassesOverWhatWasNotRead() throws {
    var tar = TARBuilder()
    tar.add("a", [UInt8](repeating: 1, count: 3000))
    tar.add("b", [2])
    try withFile(tar.ended) { file in
      let reader = TARReader(FileSource(file))
      XCTAssertEqual(try reader.next()?.name, "a")
      XCTAssertEqual(try reader.next()?.name, "b")
      XCTAssertEqual(try reader.content.whole(), [2])
      XCTAssertNil(try reader.next())
      XCTAssertNil(try reader.next())
    }
  }

  func testRead_EndsAtTheEndOfTheFileToo_AndTakesOldSums() throws {
    var tar = TARBuilder()
    tar.add("ä", [1], isSigned: true)
    XCTAssertEqual(try read(tar.bytes).count, 1)
    XCTAssertEqual(try read([UInt8](repeating: 0, count: 1024)).count, 0)
  }

  func testRead_RefusesEveryBeginningThatCutsAnEntry() {
    var tar = TARBuilder()
    tar.add("a", Array("hello".utf8))
    for count in 0..<517 { XCTAssertNotNil(fault { _ = try read(Array(tar.bytes[..<count])) }, "\(count)") }
  }

  func testRead_RefusesLiesAboutSizes() {
    let sizes: [[UInt8]] = [
      [0xFF] + [UInt8](repeating: 0xFF, count: 11), Array("-0000000001\u{0}".utf8), Array("00000000009\u{0}".utf8),
      [0x80] + [UInt8](repeating: 0xFF, count: 11), Array("77777777777\u{0}".utf8),
      [0x80, 0, 0, 0, 0x7F] + [0, 0, 0, 0, 0, 0, 1],
      [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7),
    ]
    for size in sizes {
      var tar = TARBuilder()
      tar.add("a", [1], size: size)
      XCTAssertNotNil(refusal(tar), "\(size)")
      let listing = fault {
        try withFile(tar.ended) { file in
          let reader = TARReader(FileSource(file))
          while try reader.next() != nil {}
        }
      }
      XCTAssertNotNil(listing, "\(size)")
    }
  }

  func testRead_RefusesDamagedHeaders() {
    var tar = TARBuilder()
    tar.add("a", [1])
    var bytes = tar.ended
    bytes[0] = 0x62
    XCTAssertEqual(fault { _ = try read(bytes) }?.kind, .malformed)
    for record in ["5 a\n", "999 path=x\n", "11 path=x\n", "x", "99999999999 path=x\n", "3 \n"] {
      tar = TARBuilder()
      tar.add("pax", Array(record.utf8), type: "x")
      tar.add("a")
      XCTAssertNotNil(refusal(tar), record)
    }
    for size in ["-1", "1e3", "99999999999999999999", "9223372036854775807"] {
      tar = TARBuilder()
      tar.add("pax", TARBuilder.record("size", size), type: "x")
      tar.add("a")
      XCTAssertNotNil(refusal(tar), size)
    }
  }

  func testRead_RefusesWhatIsSparseOrGoesOn() {
    for type in ["S", "M"] as [Unicode.Scalar] {
      var tar = TARBuilder()
      tar.add("a", [1], type: type)
      XCTAssertEqual(refusal(tar)?.kind, .unsupported)
    }
    var tar = TARBuilder()
    tar.add("pax", TARBuilder.record("GNU.sparse.major", "1"), type: "x")
    tar.add("a", [1])
    XCTAssertEqual(refusal(tar)?.kind, .unsupported)
  }

  func testRead_BoundsEntriesNamesAndHeaders() {
    var tar = TARBuilder()
    for _ in 0..<5 { tar.add("a") }
    var limits = ArchiveLimits()
    limits.entries = 4
    XCTAssertEqual(refusal(tar, limits)?.kind, .tooLarge)
    tar = TARBuilder()
    tar.add("pax", TARBuilder.record("path", String(repeating: "x", count: 5000)), type: "x")
    tar.add("a")
    XCTAssertEqual(refusal(tar)?.kind, .tooLarge)
    tar = TARBuilder()
    tar.add("pax", [], type: "x", size: Array("00010000000\u{0}".utf8))
    XCTAssertEqual(refusal(tar)?.kind, .tooLarge)
  }

  func testWrite_IsReadAgain() throws {
    let long = String(repeating: "long/", count: 40) + "ü"
    let files: [(String, [UInt8])] = [
      ("a.txt", Array("hello".utf8)), (long, [UInt8](repeating: 1, count: 512)), ("empty", []),
      (String(repeating: "n", count: 100), [1]), (String(repeating: "n", count: 101), [2]),
    ]
    var bytes: [UInt8] = []
    let tar = TARWriter { bytes += $0 }
    for (name, content) in files {
      try tar.add(name, size: content.count, at: Timestamp(milliseconds: 5000), from: BytesSource(content))
    }
    try tar.addFolder("folder", at: nil)
    try tar.finish()
    XCTAssertEqual(bytes.count % 10_240, 0)
    let read = try read(bytes)
    XCTAssertEqual(read.map(\.name), files.map(\.0) + ["folder/"])
    XCTAssertEqual(read.map(\.content), files.map(\.1) + [[]])
    XCTAssertEqual(read.last?.kind, .folder)
  }

  func testWrite_RefusesASourceOfAnotherSize() {
    for size in [0, 4] {
      let tar = TARWriter { _ in }
      XCTAssertNotNil(fault { try tar.add("a", size: size, at: nil, from: BytesSource([1, 2, 3])) })
    }
  }
}
