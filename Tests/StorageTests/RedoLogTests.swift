import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Storage

/// Small files are on disk by their records alone, until they are synced themselves.
final class RedoLogTests: XCTestCase {
  private let directory = try? TemporaryDirectory()
  private let trust = DiskTrust(log: .silent)
  private let mark = RedoRecord.mark(of: [UInt8](repeating: 0xC5, count: 32))
  private var made = 0

  private func root() throws -> String { try XCTUnwrap(directory).path }

  private func log(_ patience: Duration = .seconds(3600), mark: UInt64? = nil) throws -> RedoLog {
    try Blobs.makeDirectories(folder("files"))
    return RedoLog(
      folder: try root(), files: try root() + "/files", mark: mark ?? self.mark, trust: trust, patience: patience)
  }

  private func folder(_ name: String) throws -> String {
    let path = try root() + "/" + name
    mkdir(path, 0o700)
    return path
  }

  /// Writes a file through the log and gives its name there, or nil when the log did not take it.
  private func place(_ bytes: [UInt8], in log: RedoLog) throws -> String? {
    made += 1
    let blob = "00" + String(repeating: "a", count: 20) + "b\(made)"
    let spooled = try folder("spool") + "/\(made)"
    try FileBytes.write(bytes, to: spooled)
    let logged = try log.write([spooled], as: [blob])
    XCTAssertEqual(rename(spooled, try path(blob)), 0)
    guard let logged else { return nil }
    log.placed(logged)
    return blob
  }

  private func path(_ blob: String, in folder: String = "files") throws -> String {
    try root() + "/\(folder)/\(blob.prefix(2))/\(blob)"
  }

  /// A start after a loss of power that took all files and left the log; gives what is there then.
  private func startWithoutFiles(named: Set<String>) throws -> (written: Int, names: Set<String>) {
    let lost = try folder("lost")
    try Blobs.makeDirectories(lost)
    let written = try RedoReplay(folder: root(), files: lost, mark: mark).run { named }
    let names = try Set(FileTree.names(in: lost + "/00"))
    return (written, names)
  }

  private func bytes(_ count: Int, _ seed: Int = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 5) ^ seed) }
  }

  func testFiles_ThatAreLost_AreWrittenAgain_ButForThoseThatNoRowNames() throws {
    let log = try log()
    let kept = try XCTUnwrap(place(bytes(60_000), in: log))
    let empty = try XCTUnwrap(place([], in: log))
    let deleted = try XCTUnwrap(place(bytes(5000), in: log))
    let (written, names) = try startWithoutFiles(named: [kept, empty])
    XCTAssertEqual(written, 2)
    XCTAssertEqual(names, [kept, empty])
    XCTAssertEqual(try FileBytes.read(path(kept, in: "lost"), atMost: 100_000), bytes(60_000))
    XCTAssertFalse(names.contains(deleted))
  }

  func testFiles_ThatAreThere_AreLeft_AndThoseOfOtherBytesAreNot() throws {
    let log = try log()
    let whole = try XCTUnwrap(place(bytes(100), in: log))
    let longer = try XCTUnwrap(place(bytes(100), in: log))
    let torn = try XCTUnwrap(place(bytes(9000), in: log))
    let short = try XCTUnwrap(place(bytes(9000), in: log))
    try FileBytes.write(bytes(100) + [1], to: path(longer))
    try FileBytes.write(bytes(4096) + [UInt8](repeating: 0, count: 9000 - 4096), to: path(torn))
    try FileBytes.write([], to: path(short))
    let replay = try RedoReplay(folder: root(), files: root() + "/files", mark: mark)
    XCTAssertEqual(try replay.run { [whole, longer, torn, short] }, 2)
    for (blob, found) in [(whole, bytes(100)), (longer, bytes(100) + [1]), (torn, bytes(9000)), (short, bytes(9000))] {
      XCTAssertEqual(try FileBytes.read(path(blob), atMost: 10_000), found)
    }
    XCTAssertEqual(try RedoLog.paths(in: root()).map { try FileBytes.size($0) }, [0, 0])
    XCTAssertEqual(try replay.run { [whole] }, 0)
  }

  func testRecord_ThatWasNotWrittenWhole_HidesNoneBehindIt() throws {
    let log = try log()
    let first = try XCTUnwrap(place(bytes(10_000), in: log))
    let second = try XCTUnwrap(place(bytes(10_000, 2), in: log))
    try tear(page: 1)
    XCTAssertEqual(try startWithoutFiles(named: [first, second]).names, [second])
  }

  /// One page of the log's first file was not written.
  private func tear(page: Int) throws {
    let descriptor = open(RedoLog.paths(in: try root())[0], O_WRONLY)
    defer { close(descriptor) }
    try FileBytes.write([UInt8](repeating: 0, count: 4096), to: descriptor, at: page * 4096)
  }

  /// What a client has to send so that a record of its own making begins at a page of the log: newer than all others.
  private func madeUpRecord(of blob: String) -> [UInt8] {
    var record = [UInt8](repeating: 7, count: RedoRecord.bytes(for: 5))
    record.withUnsafeMutableBytes { RedoRecord.seal($0, blob, size: 5, turn: .max, mark: RedoRecord.oldMark) }
    return [UInt8](repeating: 0, count: RedoRecord.page - RedoRecord.content(0).lowerBound) + record
  }

  /// Whether its own record is whole or not.
  func testFileThatLooksLikeARecord_KeepsNobodysFilesFromBeingWrittenAgain() throws {
    let log = try log()
    let first = try XCTUnwrap(place(bytes(100), in: log))
    let hostile = try XCTUnwrap(place(madeUpRecord(of: first), in: log))
    let last = try XCTUnwrap(place(bytes(100), in: log))
    XCTAssertEqual(try startWithoutFiles(named: [first, hostile, last]).names, [first, hostile, last])
    XCTAssertEqual(try FileBytes.read(path(first, in: "lost"), atMost: 200), bytes(100))
  }

  func testFileThatLooksLikeARecord_InARecordThatWasNotWrittenWhole_IsNone() throws {
    let log = try log()
    let first = try XCTUnwrap(place(bytes(100), in: log))
    let hostile = try XCTUnwrap(place(madeUpRecord(of: first), in: log))
    let last = try XCTUnwrap(place(bytes(100), in: log))
    try tear(page: 1)
    XCTAssertEqual(try startWithoutFiles(named: [first, hostile, last]).names, [first, last])
    XCTAssertEqual(try FileBytes.read(path(first, in: "lost"), atMost: 200), bytes(100))
  }

  func testLogOfTheVersionBefore_IsReplayed() throws {
    let log = try log(mark: RedoRecord.oldMark)
    let first = try XCTUnwrap(place(bytes(100), in: log))
    let hostile = try XCTUnwrap(place(madeUpRecord(of: first), in: log))
    let torn = try XCTUnwrap(place(bytes(10_000), in: log))
    let last = try XCTUnwrap(place(bytes(9000), in: log))
    // Behind the first one, and the hostile one's two pages.
    try tear(page: 4)
    XCTAssertEqual(try startWithoutFiles(named: [first, hostile, torn, last]).names, [first, hostile, last])
    XCTAssertEqual(try FileBytes.read(path(first, in: "lost"), atMost: 200), bytes(100))
  }

  func testLogOfAnotherSecret_IsNotReplayed() throws {
    let log = try log(mark: 1)
    let blob = try XCTUnwrap(place(bytes(100), in: log))
    XCTAssertEqual(try startWithoutFiles(named: [blob]).names, [])
  }

  func testSettledFiles_LeaveNoByteInTheLog_AndTheLogIsWrittenAnew() throws {
    let log = try log()
    let blob = try XCTUnwrap(place(bytes(50_000), in: log))
    XCTAssertTrue(log.holds(blob))
    log.settleAll()
    XCTAssertFalse(log.holds(blob))
    for path in RedoLog.paths(in: try root()) {
      XCTAssertTrue(try FileBytes.read(path, atMost: 1 << 20).allSatisfy { $0 == 0 })
    }
    let next = try XCTUnwrap(place(bytes(70), in: log))
    XCTAssertEqual(try startWithoutFiles(named: [blob, next]).names, [next])
  }

  func testFilesOfATurnBefore_AreNotWrittenAgain() throws {
    let log = try log()
    var turns: [UInt64: [String]] = [:]
    // The third turn is written over the first one, and leaves something of it.
    while turns[3] == nil {
      guard let blob = try place([UInt8](repeating: UInt8(truncatingIfNeeded: made), count: 200_000), in: log) else {
        log.waitUntilSettled()
        continue
      }
      turns[log.state.withLock { $0.segments[$0.current].turn }, default: []].append(blob)
    }
    let names = try startWithoutFiles(named: Set(turns.values.joined())).names
    XCTAssertEqual(names, Set((turns[2] ?? []) + (turns[3] ?? [])))
    XCTAssertGreaterThan(turns[1]?.count ?? 0, 10)
  }

  func testWhatTheLogDoesNotTake_IsLeftToTheCaller() throws {
    let log = try log()
    XCTAssertNil(try place(bytes(300_000), in: log), "a large file")
    let spooled = try folder("spool") + "/held"
    try FileBytes.write(bytes(250_000), to: spooled)
    // Whatever has not got its name keeps its part from being synced.
    var held: [Int] = []
    while held.count < 100, let index = try log.write([spooled], as: ["00held"]) { held.append(index) }
    XCTAssertEqual(held.count, 2 * (RedoSegment.mostBytes / RedoRecord.bytes(for: 250_000)), "both parts are full")
    for index in held { log.placed(index) }
    log.waitUntilSettled()
    XCTAssertNotNil(try place(bytes(250_000), in: log))
    log.close()
    XCTAssertNil(try place(bytes(10), in: log), "it is closed")
  }

  func testFileWithoutItsName_KeepsItsRecord() throws {
    let log = try log()
    let spooled = try folder("spool") + "/held"
    try FileBytes.write(bytes(1000), to: spooled)
    let index = try XCTUnwrap(log.write([spooled], as: ["00held"]))
    log.settle(index, clears: true)
    XCTAssertTrue(log.holds("00held"))
    XCTAssertEqual(try startWithoutFiles(named: ["00held"]).names, ["00held"])
    log.placed(index)
    log.settle(index, clears: true)
    XCTAssertFalse(log.holds("00held"))
  }

  func testNothingFollowsForAWhile_TheFilesAreSynced() throws {
    let log = try log(.milliseconds(1))
    let blob = try XCTUnwrap(place(bytes(50_000), in: log))
    while log.holds(blob) { usleep(1000) }
    log.close()
  }

  func testClose_EmptiesTheLog_UnlessTheDiskCannotBeBelieved() throws {
    let log = try log()
    _ = try place(bytes(100), in: log)
    log.close()
    XCTAssertEqual(try RedoLog.paths(in: root()).map { try FileBytes.size($0) }, [0, 0])
    let second = RedoLog(folder: try root(), files: try root() + "/files", mark: mark, trust: trust)
    let blob = try XCTUnwrap(place(bytes(100), in: second))
    trust.lose("a test")
    second.close()
    XCTAssertEqual(try startWithoutFiles(named: [blob]).names, [blob])
  }

  /// The kernel tells of a failed sync once, so that the next one of the same file succeeds.
  func testAfterAFailedSync_NothingIsSettled_AndTheStopTruncatesNothing() throws {
    let log = try log()
    let settled = try XCTUnwrap(place(bytes(100), in: log))
    log.settle(0)
    XCTAssertFalse(log.holds(settled))
    let size = try FileBytes.size(RedoLog.paths(in: root())[0])
    trust.lose("a test")
    log.close()
    XCTAssertGreaterThan(size, 0)
    XCTAssertEqual(try FileBytes.size(RedoLog.paths(in: root())[0]), size)
  }

  func testFilesOfAPart_WhoseSyncFailedOnce_StayInTheLog() throws {
    let log = try log()
    let blob = try XCTUnwrap(place(bytes(100), in: log))
    trust.lose("a test")
    log.settle(0)
    XCTAssertTrue(log.holds(blob))
    log.settleAll()
    XCTAssertTrue(log.holds(blob))
    log.close()
    XCTAssertEqual(try startWithoutFiles(named: [blob]).names, [blob])
  }

  func testSecondName_OfAFileWhoseBytesAreInTheLog_IsWholeWithoutIt() throws {
    let store = try Store(path: try root())
    let spooled = try store.spool.makeFile("one", O_RDWR)
    try FileBytes.writeAll(bytes(100), to: spooled.descriptor, named: "one")
    close(spooled.descriptor)
    let blob = try XCTUnwrap(store.blobs.place([spooled.path]).first)
    let link = try store.blobs.link([blob]) { ($0, []) }
    XCTAssertEqual(try FileBytes.read(store.blobs.path(try XCTUnwrap(link.first)), atMost: 200), bytes(100))
    store.close()
  }
}

extension RedoLog {
  /// Until the part that is not written now takes records.
  fileprivate func waitUntilSettled() {
    while state.withLock({ $0.segments[1 - $0.current].end > 0 }) { usleep(1000) }
  }
}
