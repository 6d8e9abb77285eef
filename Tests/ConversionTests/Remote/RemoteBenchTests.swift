import Basics
import Formats
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Conversion

/// Steps that another machine makes, which here is a script between the server and this machine.
final class RemoteBenchTests: XCTestCase {
  private static let expected = Array(
    "\(Hexadecimal.encode(SHA256.digest([0x61] + [UInt8](repeating: 0, count: (9 << 20) - 1))))".utf8)

  func testMake_ByALauncher_GivesWhatWasMadeThere() throws {
    let trial = try RemoteTrial(#"exec "$@""#, version: BuiltProgram.version)
    defer { trial.stop() }
    let (made, bytes) = try trial.make()
    XCTAssertEqual(Array(bytes.prefix(64)), RemoteBenchTests.expected)
    XCTAssertEqual(made.map(\.outcome.sha256), [SHA256.digest(bytes)])
    XCTAssertEqual(trial.here.count.load(ordering: .relaxed), 0)
    XCTAssertEqual(trial.line.figures.figures.values.map(\.done), [1])
    // The launcher's process ends a moment after its last line, and nothing is left then.
    while !LaunchRecord.names(in: trial.directory.path).isEmpty { sched_yield() }
  }

  func testMake_OfWhatIsShort_StaysHere() throws {
    let trial = try RemoteTrial(#"exec "$@""#, version: BuiltProgram.version)
    defer { trial.stop() }
    XCTAssertEqual(failure { _ = try trial.make(large: false) }?.message, "here")
  }

  func testMake_WithoutAResult_IsTriedAgainAndThenMadeHere() throws {
    // srun ends with 0 when its node is lost.
    let trial = try RemoteTrial(#"echo x >> "$FOLDER/calls"; echo "Node failure on n2" >&2; exit 0"#)
    defer { trial.stop() }
    XCTAssertEqual(failure { _ = try trial.make() }?.message, "here")
    XCTAssertEqual(LaunchRecord.text("\(trial.directory.path)/calls"), "x\nx\nx\n")
    let figures = try XCTUnwrap(trial.line.figures.figures["launcher"])
    XCTAssertEqual(figures.lost, 3)
    XCTAssertEqual(figures.trouble, "the launcher ended with 0 and left no result: Node failure on n2")
  }

  func testMake_AfterFiveLossesInARow_DoesNotAskTheLauncher() throws {
    let trial = try RemoteTrial(#"echo x >> "$FOLDER/calls"; kill -9 $$"#)
    defer { trial.stop() }
    for _ in 0..<3 { XCTAssertEqual(failure { _ = try trial.make() }?.message, "here") }
    XCTAssertEqual(LaunchRecord.text("\(trial.directory.path)/calls"), "x\nx\nx\nx\nx\n")
    XCTAssertEqual(trial.launcher.trouble, "the launcher was ended by signal 9 and left no result")
    XCTAssertEqual(trial.line.places, 0)
  }

  func testMake_WhenCanceled_EndsTheProcessThere() throws {
    let trial = try RemoteTrial(#"echo $$ > "$FOLDER/pid"; exec sleep 600"#)
    defer { trial.stop() }
    let process = Mutex<pid_t?>(nil)
    let begun = ServiceThread("listener") {
      let text = trial.hear("pid")
      process.withLock { $0 = pid_t(text.dropLast()) }
    }
    let failed = failure {
      _ = try trial.make(isCanceled: { process.withLock { $0 != nil } })
    }
    begun.join()
    XCTAssertEqual(failed?.code, .canceled)
    let id = try XCTUnwrap(process.withLock { $0 })
    // The launcher's thread collects it.
    while kill(id, 0) == 0 { sched_yield() }
  }

  func testMake_AfterTheServersEnd_TakesWhatCameMeanwhile() throws {
    let first = try RemoteTrial(
      #"echo here > "$FOLDER/begun"; read word < "$FOLDER/go"; "$@"; echo made > "$FOLDER/done""#,
      version: BuiltProgram.version)
    mkfifo("\(first.directory.path)/go", 0o600)
    mkfifo("\(first.directory.path)/done", 0o600)
    let order = ServiceThread("order") {
      XCTAssertEqual(failure { _ = try first.make(key: "7 0") }?.code, .canceled)
    }
    XCTAssertEqual(first.hear("begun"), "here\n")
    first.stop()
    order.join()
    let second = try RemoteTrial("exit 1", in: first.directory, version: BuiltProgram.version)
    defer { second.stop() }
    let go = open("\(first.directory.path)/go", O_WRONLY | O_CLOEXEC)
    XCTAssertEqual(write(go, "go\n", 3), 3)
    close(go)
    XCTAssertEqual(Array(try second.make(key: "7 0").bytes.prefix(64)), RemoteBenchTests.expected)
    XCTAssertEqual(second.here.count.load(ordering: .relaxed), 0)
    XCTAssertEqual(first.hear("done"), "made\n")
  }

  func testMake_OfAnotherVersion_IsRefusedThereByName() throws {
    let trial = try RemoteTrial(#"exec "$@""#, version: "0.0.1")
    defer { trial.stop() }
    XCTAssertEqual(failure { _ = try trial.make() }?.message, "here")
    let trouble = try XCTUnwrap(trial.line.figures.figures.values.compactMap(\.trouble).first)
    XCTAssert(trouble.hasSuffix("and the server's is 0.0.1"), trouble)
  }

  func testMake_RefusedByAMachine_GoesToAnotherOne_AndBackWhenThatRefusesToo() throws {
    // Machines that come for orders; the launcher takes none.
    let trial = try RemoteTrial("exit 1", slots: 0)
    defer { trial.stop() }
    for name in ["a", "b"] { trial.line.offer(1, by: name) }
    let order = ServiceThread("order") {
      XCTAssertEqual(failure { _ = try trial.make() }?.message, "here")
    }
    func refuse(by name: String) throws {
      let taken = try XCTUnwrap(trial.line.take(by: name).first)
      taken.avoid(name)
      try taken.folder.end(RemoteResult(lease: taken.order.lease, host: name, .refused("no such program")))
      taken.end(on: name)
    }
    XCTAssertTrue(trial.line.bell.wait(timeout: .seconds(30)))
    try refuse(by: "a")
    XCTAssertTrue(trial.line.bell.wait(timeout: .seconds(30)))
    XCTAssertEqual(trial.line.take(by: "a").count, 0, "it has refused it")
    try refuse(by: "b")
    XCTAssertTrue(trial.line.bell.wait(timeout: .seconds(30)))
    try refuse(by: "a")
    order.join()
    XCTAssertEqual(trial.line.figures.figures.mapValues(\.refused), ["a": 2, "b": 1])
  }

  func testMake_OfAFileThatIsNotWhatWasSaid_IsLost() throws {
    // Made in a copy, so that the result is not there before the file is another.
    let script = #"""
      copy="$FOLDER/copy"; rm -rf "$copy"; cp -r "$3" "$copy"; "$1" "$2" "$copy" > "$FOLDER/said"
      echo other > "$3/out-1"; cp "$copy/result.json" "$3/aside"; mv "$3/aside" "$3/result.json"
      """#
    let trial = try RemoteTrial(script, version: BuiltProgram.version)
    defer { trial.stop() }
    XCTAssertEqual(failure { _ = try trial.make() }?.message, "here")
    XCTAssertEqual(trial.line.figures.figures.values.map(\.lost).max(), 3)
  }
}
