import Basics
import XCTest

@testable import Archives

/// Archives that lie, each refused with a sentence and before it costs anything.
final class ZIPHostileTests: XCTestCase {
  private func opening(_ bytes: [UInt8], _ limits: ArchiveLimits = ArchiveLimits()) throws -> ArchiveFault? {
    try withFile(bytes) { file in fault { _ = try ZIPReader(descriptor: file, limits: limits) } }
  }

  private func reading(_ archive: ZIPBuilder, _ limits: ArchiveLimits = ArchiveLimits()) throws -> ArchiveFault? {
    try withFile(archive.bytes) { file in
      let zip = try ZIPReader(descriptor: file, limits: limits)
      return fault { for entry in zip.entries { _ = try zip.read(entry) } }
    }
  }

  private func one(_ bytes: [UInt8] = Array("hello".utf8), flags: Int = 1 << 11, lies: ZIPBuilder.Lies) -> ZIPBuilder {
    var archive = ZIPBuilder()
    archive.add("a.txt", bytes, flags: flags, lies: lies)
    return archive
  }

  func testOpen_RefusesEveryBeginningOfAnArchive() throws {
    let whole = one(lies: .init()).bytes
    for count in 0..<whole.count { XCTAssertNotNil(try opening(Array(whole[..<count])), "\(count)") }
  }

  func testOpen_RefusesEntriesThatShareBytes() throws {
    var archive = ZIPBuilder()
    archive.add("a", [1, 2, 3], isStored: true)
    archive.add("b", [1, 2, 3], isStored: true, lies: .init(place: 0))
    XCTAssertEqual(
      try opening(archive.bytes)?.sentence, "the entry \"a\" and \"b\" share bytes, as they do in bombs")
    archive = ZIPBuilder()
    archive.add("a", [1], isStored: true, lies: .init(packedSize: 20))
    archive.add("b", [1, 2, 3], isStored: true)
    XCTAssertEqual(try opening(archive.bytes)?.kind, .malformed)
    archive = one([1], lies: .init(packedSize: 60))
    XCTAssertNotNil(try opening(archive.bytes))
  }

  func testRead_RefusesAHeaderThatSaysOtherwise() throws {
    let lies: [(ZIPBuilder.Lies, String)] = [
      (.init(localName: "b.txt"), "name"), (.init(localMethod: 0), "method"), (.init(localSize: 4), "size"),
      (.init(localName: "a.text"), "name"),
    ]
    for (lie, what) in lies {
      XCTAssertEqual(
        try reading(one(lies: lie))?.sentence,
        "the entry \"a.txt\" has another \(what) in its header than in the directory")
    }
  }

  func testRead_RefusesLiesAboutSizeAndSum() throws {
    XCTAssertEqual(
      try reading(one(lies: .init(size: 4)))?.sentence,
      "the entry \"a.txt\" has more than the 4 bytes that it announces")
    XCTAssertEqual(
      try reading(one(lies: .init(size: 6)))?.sentence, "the entry \"a.txt\" has 5 bytes, and announces 6")
    XCTAssertEqual(
      try reading(one(lies: .init(sum: 1)))?.sentence,
      "the entry \"a.txt\" has a wrong check sum, so it is damaged")
  }

  func testRead_RefusesBytesThatEndOrGoOnBehindTheirEnd() throws {
    var archive = one(lies: .init(packedSize: 3))
    XCTAssertEqual(try reading(archive)?.kind, .malformed)
    archive = ZIPBuilder()
    archive.add("a", ZIPBuilder.deflated([1, 2, 3]) + [9, 9], isStored: true, lies: .init(size: 3, method: 8))
    XCTAssertNotNil(try reading(archive))
  }

  func testRead_RefusesWhatIsEncryptedByName() throws {
    let fault = try reading(one(flags: 1 << 11 | 1, lies: .init()))
    XCTAssertEqual(fault, ArchiveFault(.encrypted, "the entry \"a.txt\" is encrypted, so it wants a password"))
    XCTAssertEqual(try reading(one(flags: 1 << 11 | 1 << 6, lies: .init()))?.kind, .encrypted)
  }

  func testRead_NamesTheMethodsItDoesNotKnow() throws {
    let fault = try reading(one(lies: .init(method: 93)))
    XCTAssertEqual(fault?.kind, .unsupported)
    XCTAssertEqual(fault?.sentence.contains("Zstandard"), true)
  }

  func testOpen_RefusesOneOfSeveralParts() throws {
    var archive = one(lies: .init())
    archive.disk = 1
    XCTAssertEqual(try opening(archive.bytes)?.kind, .unsupported)
  }

  func testOpen_RefusesCountsThatTheDirectoryHasNoRoomFor() throws {
    var archive = one(lies: .init())
    archive.claimedCount = 2
    XCTAssertEqual(try opening(archive.bytes)?.kind, .malformed)
    archive.claimedCount = 65_534
    XCTAssertEqual(try opening(archive.bytes)?.kind, .malformed)
  }

  func testOpen_BoundsEntriesAndNames() throws {
    var archive = ZIPBuilder()
    for number in 0..<5 { archive.add("file \(number)", []) }
    var limits = ArchiveLimits()
    limits.entries = 4
    XCTAssertEqual(
      try opening(archive.bytes, limits), ArchiveFault(.tooLarge, "it has 5 entries, and at most 4 are read"))
    limits = ArchiveLimits()
    limits.nameBytes = 5
    XCTAssertEqual(try opening(archive.bytes, limits)?.kind, .tooLarge)
  }

  func testRead_BoundsWhatComesOutByNumberAndRatio() throws {
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    var limits = ArchiveLimits()
    limits.totalBytes = 1 << 20 - 1
    XCTAssertEqual(try reading(one(zeros, lies: .init()), limits)?.kind, .tooLarge)
    limits = ArchiveLimits()
    limits.plentyBytes = 1 << 10
    XCTAssertEqual(try reading(one(zeros, lies: .init()), limits)?.sentence.contains("250 times"), true)
    var archive = ZIPBuilder()
    for number in 0..<20 { archive.add("\(number)", [UInt8](repeating: 0, count: 1 << 16)) }
    limits.plentyBytes = 1 << 17
    limits.ratio = 300
    XCTAssertEqual(try reading(archive, limits)?.sentence, "it unpacks to more than 300 times its size, as bombs do")
  }

  func testRead_RefusesWhatIsLargerThanTheCallerTakes() throws {
    try withFile(one(lies: .init()).bytes) { file in
      let zip = try ZIPReader(descriptor: file)
      let refusal = fault { _ = try zip.read(zip.entries[0], atMost: 4) }
      XCTAssertEqual(refusal?.sentence, "the entry \"a.txt\" has 5 bytes, and may have 4")
    }
  }

  func testRead_EndsWithEveryBytePutWrong() throws {
    let whole = one(Array("hello hello hello".utf8), lies: .init()).bytes
    for place in whole.indices {
      for change in [UInt8(0x01), 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        try withFile(bytes) { file in
          _ = fault {
            let zip = try ZIPReader(descriptor: file)
            for entry in zip.entries { _ = try zip.read(entry) }
          }
        }
      }
    }
  }
}
