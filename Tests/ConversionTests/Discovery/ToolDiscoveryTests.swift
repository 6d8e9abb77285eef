import Basics
import Conversion
import Formats
import Glibc
import Outbound
import Synchronization
import TestSupport
import XCTest

/// What is offered follows the programs of this machine: which are here, and which make their sample.
final class ToolDiscoveryTests: XCTestCase {
  /// A shell under a name of its own, whose script the test changes while it is offered.
  private struct Mill: Tool {
    let program = Program("made-up-mill", package: "mill-package")
    let lane = Lane.office
    let script: @Sendable () -> String
    var name: String { "mill" }
    var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      ends.isEmpty ? ToolCall(arguments: ["./script"], files: ["script": Array(script().utf8)]) : nil
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      if let end = ends.last, end.code != 0 { throw ConversionFailure(.damagedFile, "the mill stands still") }
      return [ToolResult("out")]
    }
  }

  /// A machine whose programs are what lies in one folder.
  private final class Machine: Sendable {
    let directory: TemporaryDirectory
    let script = Mutex("cat in-1.txt > out")
    private let box: Box
    let calls: ToolBench
    let catalogue = CatalogueSource()
    let discovery: ToolDiscovery
    let clock = FixedClock()
    let lines: Lines

    final class Lines: Sendable {
      let all = Mutex<[String]>([])
    }

    init(has program: Bool) throws {
      directory = try TemporaryDirectory()
      // A program runs as another user than root.
      chmod(directory.path, 0o755)
      let lines = Lines()
      self.lines = lines
      if program { symlink("/bin/sh", directory.path + "/made-up-mill") }
      try check("mkdir", "spool") { [directory] in mkdir(directory.path + "/spool", 0o755) }
      let box = Box()
      self.box = box
      let log = Log(write: { line in lines.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
      discovery = ToolDiscovery(
        makers: Makers.builtIn + [Mill(script: { box.script?() ?? "" })], folders: [directory.path],
        catalogue: catalogue, hasRoom: { box.room?() ?? true }, clock: clock.counting, log: log)
      calls = ToolBench(
        program: ProgramFile(BuiltProgram.path), finding: { [catalogue] in catalogue.now.found },
        spool: Spool(path: directory.path + "/spool"), level: .weak, log: .silent)
      box.set { [unowned self] in script.withLock { $0 } }
    }

    /// Whether there is room, each time that it is asked for.
    func discoverySees(_ room: @escaping @Sendable () -> Bool) { box.see(room) }

    /// Hands on what the test changes, for the tool is made before the machine is whole.
    final class Box: Sendable {
      private let bodies = Mutex<(script: (@Sendable () -> String)?, room: (@Sendable () -> Bool)?)>((nil, nil))
      var script: (@Sendable () -> String)? { bodies.withLock { $0.script } }
      var room: (@Sendable () -> Bool)? { bodies.withLock { $0.room } }

      func set(_ script: @escaping @Sendable () -> String) { bodies.withLock { $0.script = script } }
      func see(_ room: @escaping @Sendable () -> Bool) { bodies.withLock { $0.room = room } }
    }

    var isOffered: Bool { catalogue.now.formats(from: .txt).contains(.md) }
    var made: Int64 { calls.figures.figures["made-up-mill"]?.calls ?? 0 }

    func look(all: Bool = false) { discovery.look(on: calls, all: all) }

    func told(_ words: String) -> Int { lines.all.withLock { $0.count { $0.contains(words) } } }
  }

  func testStart_OffersAtOnceWhatIsHere_AndTriesItBehind() throws {
    let machine = try Machine(has: true)
    XCTAssertTrue(machine.isOffered)
    XCTAssertEqual(machine.made, 0)
    machine.look()
    XCTAssertTrue(machine.isOffered)
    guard case .works? = machine.discovery.standings.first?.state else {
      return XCTFail("\(machine.discovery.standings)")
    }
    XCTAssertEqual(machine.calls.figures.figures["made-up-mill"]?.held?.contains(.limits), true)
  }

  func testLook_WhenTheSampleFails_TakesThePairsAway_AndSaysSoOnce() throws {
    let machine = try Machine(has: true)
    machine.script.withLock { $0 = "echo 'no wind in /var/mill' >&2; exit 1" }
    machine.look()
    XCTAssertFalse(machine.isOffered)
    XCTAssertEqual(
      machine.discovery.standings.first?.state, .broken("the mill stands still", words: "no wind in (path)"))
    XCTAssertEqual(machine.made, 2, "it is tried twice")
    let absence = machine.catalogue.now.absent(from: .txt, to: .md)
    XCTAssertEqual(
      absence?.words, "made-up-mill, of the Debian package mill-package, which does not work here")
    machine.look()
    XCTAssertEqual(machine.made, 2, "not before its time")
    machine.clock.advance(by: .seconds(61))
    machine.look()
    XCTAssertEqual(machine.made, 4)
    machine.clock.advance(by: .seconds(61))
    machine.look()
    XCTAssertEqual(machine.made, 4, "the second rest is longer")
    XCTAssertEqual(machine.told("does not work"), 1)
    machine.script.withLock { $0 = "cat in-1.txt > out" }
    machine.look(all: true)
    XCTAssertTrue(machine.isOffered)
    XCTAssertEqual(machine.told("a program works"), 1)
  }

  func testLook_WhenAProgramComesAndGoes_FollowsIt() throws {
    let machine = try Machine(has: false)
    XCTAssertFalse(machine.isOffered)
    machine.look()
    XCTAssertEqual(machine.made, 0)
    symlink("/bin/sh", machine.directory.path + "/made-up-mill")
    machine.look()
    XCTAssertTrue(machine.isOffered)
    XCTAssertEqual(machine.made, 1)
    unlink(machine.directory.path + "/made-up-mill")
    machine.look()
    XCTAssertFalse(machine.isOffered)
    XCTAssertEqual(machine.told("a program is gone"), 1)
    XCTAssertEqual(machine.catalogue.now.absent(from: .txt, to: .md)?.isBroken, false)
  }

  func testLook_WhenWhatComesDoesNotWork_NeverOffersIt() throws {
    let machine = try Machine(has: false)
    machine.script.withLock { $0 = "exit 1" }
    symlink("/bin/sh", machine.directory.path + "/made-up-mill")
    machine.look()
    XCTAssertFalse(machine.isOffered)
  }

  func testLook_EachHour_TriesAgainWhatWorked_AndAtOnceWhatIsAnotherFile() throws {
    let machine = try Machine(has: true)
    machine.look()
    machine.look()
    XCTAssertEqual(machine.made, 1)
    machine.clock.advance(by: .seconds(3601))
    machine.look()
    XCTAssertEqual(machine.made, 2)
    unlink(machine.directory.path + "/made-up-mill")
    symlink("/bin/bash", machine.directory.path + "/made-up-mill")
    machine.look()
    XCTAssertEqual(machine.made, 3)
    XCTAssertTrue(machine.isOffered)
  }

  func testLook_WhileTheDiskIsShort_PutsTrialsOff_AndCountsNoFailure() throws {
    let machine = try Machine(has: true)
    machine.discoverySees { false }
    machine.look(all: true)
    XCTAssertEqual(machine.made, 0)
    XCTAssertEqual(machine.discovery.standings.first?.state, .untried)
    XCTAssertTrue(machine.isOffered)
    machine.discoverySees { true }
    machine.look()
    XCTAssertEqual(machine.made, 1)
    // The room may go while it is tried.
    machine.script.withLock { $0 = "exit 1" }
    machine.clock.advance(by: .seconds(3601))
    let short = Mutex(0)
    machine.discoverySees {
      short.withLock { looks in
        looks += 1
        return looks == 1
      }
    }
    machine.look()
    XCTAssertEqual(machine.made, 3)
    XCTAssertTrue(machine.isOffered)
    XCTAssertEqual(machine.told("does not work"), 0)
    machine.discoverySees { true }
    machine.look()
    XCTAssertFalse(machine.isOffered)
  }

  func testLook_OnThisMachine_EveryProgramThatIsHereMakesItsSample() throws {
    let directory = try TemporaryDirectory()
    let catalogue = CatalogueSource()
    let discovery = ToolDiscovery(makers: Makers.all, catalogue: catalogue, log: .silent)
    let tools = ToolBench(
      program: ProgramFile(BuiltProgram.path), finding: { catalogue.now.found }, spool: Spool(path: directory.path),
      level: .weak, log: .silent)
    let ports = try XCTUnwrap(PortSet("80"))
    let pages = BrowserBench(
      tools: tools, pool: tools, steps: .standard, addresses: AddressGuard(allowed: [], ports: ports), pages: 1)
    let benches = Benches(pool: tools, tools: tools, pages: pages)
    discovery.look(on: benches)
    benches.close()
    for standing in discovery.standings {
      switch standing.state {
      case .works, .missing: break
      // The whole browser walks to its folder from the root, as nobody, which it cannot in a closed one of root's.
      case .broken where standing.tool.name == "chromium" && geteuid() == 0: break
      case .untried where standing.tool.sample == nil: break
      default: XCTFail("\(standing.tool.name): \(standing.state)")
      }
    }
  }
}
