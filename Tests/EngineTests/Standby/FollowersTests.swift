import Basics
import Engine
import Glibc
import Storage
import TestSupport
import XCTest

/// How long a copy is kept for who follows, and who may follow.
final class FollowersTests: XCTestCase {
  private func report(_ name: String, mark: String? = nil, heldAt: Timestamp? = nil) -> Followers.Report {
    Followers.Report(
      name: name, address: "192.0.2.7", mark: mark, heldAt: heldAt, interval: .seconds(5), files: 0, bytes: 0)
  }

  func testCopies_AreGivenWhenSomethingChanged_AndEndByThemselves() throws {
    let directory = try TemporaryDirectory()
    let time = FixedClock()
    let store = try Store(path: directory.path + "/data", clock: time.counting)
    let followers = try Followers(Settings(), store: store, clock: time.counting, entropy: .system)
    let spool = store.directory.spoolPath
    func write() throws {
      try store.writeBlocking { try Switches.set(.queueIsPaused, to: true, in: $0) }
    }
    try write()
    let first = try followers.ask(report("b"))
    let copy = try XCTUnwrap(first.copy)
    XCTAssertTrue(first.isNew)
    XCTAssertNil(followers.all[0].heldAt)
    XCTAssertNotNil(followers.copy(copy.name))
    // Files that go now stay for it.
    let blob = try store.blobs.place([directory.file("new", [1])])[0]
    store.blobs.remove([blob])
    XCTAssertEqual(access(store.blobs.path(blob), F_OK), 0)
    XCTAssertTrue(followers.end(copy.name, isHeld: true))
    XCTAssertEqual(access(store.blobs.path(blob), F_OK), -1)
    XCTAssertFalse(followers.end(copy.name, isHeld: true))
    XCTAssertEqual(followers.all[0].lag(at: time.now), .zero)

    time.advance(by: .seconds(5))
    XCTAssertEqual(followers.all[0].lag(at: time.now), .seconds(5))
    let again = try followers.ask(report("b", mark: copy.mark, heldAt: copy.takenAt))
    XCTAssertNil(again.copy, "nothing has changed")
    XCTAssertFalse(again.isNew)
    XCTAssertEqual(followers.all[0].lag(at: time.now), .zero)
    try write()
    let changed = try XCTUnwrap(followers.ask(report("b", mark: copy.mark, heldAt: copy.takenAt)).copy)
    XCTAssertNotEqual(changed.mark, copy.mark)

    // Whoever asks anew has given the last one up, and whoever does not is waited for a while.
    _ = try followers.ask(report("b"))
    XCTAssertNil(followers.copy(changed.name))
    XCTAssertEqual(try FileTree.names(in: spool).count, 1)
    time.advance(by: .seconds(61))
    followers.tidy()
    XCTAssertEqual(try FileTree.names(in: spool), [])

    try fetchSlowly(followers, time, spool)
    for number in 0..<7 { _ = try followers.ask(report("c\(number)")) }
    XCTAssertThrowsError(try followers.ask(report("d"))) { XCTAssertEqual($0 as? Refusal, .tooManyFollowers) }
    time.advance(by: .seconds(3700))
    XCTAssertTrue(try followers.ask(report("d")).isNew, "one that is gone makes room")
    followers.close()
    XCTAssertEqual(try FileTree.names(in: spool), [])
    store.close()
  }
  /// An answer may take as long as a large file does.
  private func fetchSlowly(_ followers: Followers, _ time: FixedClock, _ spool: String) throws {
    let copy = try XCTUnwrap(followers.ask(report("b")).copy)
    var answer: FollowerAnswer? = followers.answer()
    time.advance(by: .seconds(600))
    followers.tidy()
    XCTAssertEqual(try FileTree.names(in: spool), [copy.name], "it is being sent")
    withExtendedLifetime(answer) {}
    answer = nil
    time.advance(by: .seconds(59))
    followers.tidy()
    XCTAssertEqual(try FileTree.names(in: spool), [copy.name], "the next file may be asked for")
    time.advance(by: .seconds(2))
    followers.tidy()
    XCTAssertEqual(try FileTree.names(in: spool), [])
  }
}
