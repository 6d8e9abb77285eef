import Basics
import Formats
import Glibc
import TestSupport
import XCTest

@testable import Conversion

/// Programs that stay serve one owner alone, stand still meanwhile, and are gone in time and with the bench.
final class ResidentsTests: XCTestCase {
  private struct Place {
    let directory: TemporaryDirectory
    let bench: ToolBench

    init(most: Int = 2, masked: ToolConfinement = []) throws {
      directory = try TemporaryDirectory()
      bench = ToolBench(
        program: ProgramFile(BuiltProgram.path), found: MadeUpTool.toolbox, spool: Spool(path: directory.path),
        level: .weak, masked: masked, residents: most, log: .silent)
    }

    /// What the tool makes for an owner: who did it, where all is well.
    func make(
      _ tool: StayingTool = StayingTool(), owner: Int64?, timeLimit: Duration = .seconds(60),
      isCanceled: @escaping () -> Bool = { false }
    ) throws -> String {
      let (source, output) = (try TestFile(Array("hello\n".utf8)), try TestFile())
      var order = Order(
        step: Step(maker: tool, offer: tool.offers[0], from: .txt, to: .md),
        conversion: Conversion(from: .txt, to: .md),
        files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: timeLimit,
        mostBytes: 1 << 20)
      order.owner = owner
      _ = try bench.make(order, watch: Watch(isCanceled: isCanceled))
      return String(decoding: output.bytes, as: UTF8.self)
    }

    /// Waits until one that nobody has used stands still.
    func awaitFresh() {
      while bench.residents?.counts.fresh == 0 { usleep(1000) }
    }

    var folders: [String] {
      get throws { try Folder.names(in: directory.path).filter { !$0.hasPrefix(".") } }
    }
  }

  func testMake_ForOneOwner_StaysInOneProgram_AndAnotherOwnerHasAnother() throws {
    let place = try Place()
    defer { place.bench.close() }
    XCTAssertEqual(place.bench.residents?.counts.waiting, 0)
    let first = try place.make(owner: 7)
    XCTAssertEqual(try place.make(owner: 7), first)
    place.awaitFresh()
    let second = try place.make(owner: 8)
    XCTAssertNotEqual(second, first)
    XCTAssertEqual(try place.make(owner: 8), second)
    XCTAssertEqual(try place.make(owner: 7), first)
  }

  func testMake_ForNobody_IsMadeByACallOfItsOwn_AndStartsNothingAhead() throws {
    let place = try Place()
    defer { place.bench.close() }
    XCTAssertEqual(try place.make(owner: nil), "once\n")
    XCTAssertEqual(place.bench.residents?.counts.waiting, 0)
    _ = try place.make(owner: 7)
    place.awaitFresh()
    XCTAssertEqual(try place.make(owner: nil), "once\n")
    XCTAssertEqual(place.bench.residents?.counts.fresh, 1)
  }

  func testMake_AfterTwentyOrders_HasAnotherProgram() throws {
    let place = try Place()
    defer { place.bench.close() }
    let made = try (0..<45).map { _ in try place.make(owner: 7) }
    XCTAssertEqual(Set(made).count, 3)
    XCTAssertEqual(made.filter { $0 == made[0] }.count, Residents.mostOrders)
  }

  func testGiveBack_AfterItsMinute_EndsTheProgram() throws {
    let place = try Place()
    let residents = Residents(most: 2, ownedSpan: .milliseconds(1))
    defer { residents.close() }
    let residence = StayingTool().residence
    let start: Residents.Start = { try place.bench.start(residence) }
    let first = try XCTUnwrap(residents.take(residence, for: 7, start: start))
    first.take(for: 7)
    residents.giveBack(first, start: start)
    // The one ahead is there, and nothing else.
    while try residents.counts != (1, 1) || place.folders.count != 1 { usleep(1000) }
    let next = try XCTUnwrap(residents.take(residence, for: 7, start: start))
    XCTAssertFalse(next === first)
    residents.end(next, isLost: false, start: start)
  }

  func testMake_WhenTheOneAheadHasDied_OrAnotherProgramIsInItsPlace_DoesWithout() throws {
    let place = try Place()
    defer { place.bench.close() }
    _ = try place.make(owner: 7)
    place.awaitFresh()
    let ahead = try XCTUnwrap(
      place.bench.residents?.take(StayingTool().residence, for: 8) { throw ConversionFailure.canceled })
    XCTAssertTrue(ahead.isUpToDate)
    kill(ahead.process.process, SIGKILL)
    ahead.take(for: 8)
    place.bench.residents?.giveBack(ahead) { throw ConversionFailure.canceled }
    XCTAssertEqual(try place.make(owner: 8), "once\n")
    XCTAssertNotEqual(try place.make(owner: 8), "once\n")
  }

  func testMake_AfterAFailure_HasAnotherProgram() throws {
    let place = try Place()
    defer { place.bench.close() }
    let first = try place.make(owner: 7)
    XCTAssertThrowsError(try place.make(StayingTool(script: ": > broken"), owner: 7)) { error in
      XCTAssertEqual((error as? ConversionFailure)?.code, .damagedFile)
    }
    XCTAssertNotEqual(try place.make(owner: 7), first)
  }

  func testMake_WhenTheProgramEndsInstead_IsMadeByACallOfItsOwn() throws {
    for tool in [StayingTool(script: "kill -9 $PPID"), StayingTool(start: "exit 1"), StayingTool(start: "kill -9 $$")] {
      let place = try Place()
      defer { place.bench.close() }
      XCTAssertEqual(try place.make(tool, owner: 7), "once\n")
    }
  }

  func testMake_WhenOrdersHangOrAreCanceled_EndsTheProgram() throws {
    let place = try Place()
    defer { place.bench.close() }
    let hanging = StayingTool(script: "sleep 1000")
    XCTAssertThrowsError(try place.make(hanging, owner: 7, timeLimit: .milliseconds(500))) { error in
      XCTAssertEqual((error as? ConversionFailure)?.code, .timeLimit)
    }
    XCTAssertThrowsError(try place.make(hanging, owner: 7, isCanceled: { true })) { error in
      XCTAssertEqual((error as? ConversionFailure)?.code, .canceled)
    }
    XCTAssertThrowsError(try place.make(StayingTool(script: "yes > out"), owner: 7)) { error in
      XCTAssertEqual((error as? ConversionFailure)?.code, .outputTooLarge)
    }
    XCTAssertNoThrow(try place.make(owner: 7))
  }

  func testMake_FindsNothingOfTheOrderBefore() throws {
    let place = try Place()
    defer { place.bench.close() }
    let listing = StayingTool(script: "list=$(ls | tr '\\n' ' '); echo $list > out")
    XCTAssertEqual(try place.make(listing, owner: 7), "in-1.txt order serve\n")
    XCTAssertEqual(try place.make(listing, owner: 7), "in-1.txt order serve\n")
  }

  func testClose_LeavesNoProgramAndNoFolder_AndWhatWaitsStandsStill() throws {
    for masked in [[], [.processes], [.users, .network, .processes]] as [ToolConfinement] {
      let mark = "98765\(masked.rawValue)\(getpid())"
      let place = try Place(masked: masked)
      _ = try place.make(StayingTool(start: "sleep \(mark) & sleep \(mark) &"), owner: 7)
      // The two of the owner's at least; the one ahead may still be under way. A signal is on its way until the process that
      // it stops, or that passes it on, has had a turn of the processor.
      let limit = ContinuousClock.now + .seconds(60)
      var standing = 0
      while standing < 2, ContinuousClock.now < limit {
        standing = try ResidentsTests.processes(with: mark).count { $0.state == "T" }
        if standing < 2 { usleep(1000) }
      }
      XCTAssertGreaterThanOrEqual(standing, 2, masked.words)
      place.bench.close()
      XCTAssertEqual(try ResidentsTests.processes(with: mark).map(\.id), [], masked.words)
      XCTAssertEqual(try place.folders, [])
    }
  }

  func testClose_WhileAnOrderRuns_EndsIt() throws {
    let place = try Place()
    var asked = 0
    XCTAssertThrowsError(
      try place.make(
        StayingTool(script: "sleep 1000"), owner: 7,
        isCanceled: {
          asked += 1
          if asked == 2 { place.bench.close() }
          return false
        }))
    place.bench.close()
    XCTAssertEqual(try place.folders, [])
  }

  /// Processes of this machine with a word in their command line.
  private static func processes(with word: String) throws -> [(id: String, state: String)] {
    try Folder.names(in: "/proc").compactMap { name in
      guard Int(name) != nil, let line = text(of: "/proc/\(name)/cmdline"), line.contains(word),
        let facts = text(of: "/proc/\(name)/stat")
      else { return nil }
      let state = facts.split(separator: ")").last?.split(separator: " ").first ?? ""
      return state == "Z" ? nil : (name, String(state))
    }
  }

  private static func text(of path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
