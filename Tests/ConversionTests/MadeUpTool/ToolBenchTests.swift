import Basics
import Formats
import Conversion
import Glibc
import TestSupport
import XCTest

/// A program of others can do nothing but make files in its folder, and is gone with all it has started when it is over.
final class ToolBenchTests: XCTestCase {
  private struct Made {
    let texts: [String]
    let labels: [String?]
  }

  /// Runs a script on "hello\n" and gives what it made.
  private func run(
    _ scripts: String..., timeLimit: Duration = .seconds(60), mostBytes: Int64 = 1 << 20, needs: ToolNeeds = [],
    togetherBytes: Int64? = nil, masked: ToolConfinement = [], level: SandboxLevel = .weak,
    progress: @escaping (Int) -> Void = { _ in },
    isCanceled: @escaping () -> Bool = { false }
  ) throws -> Made {
    let directory = try TemporaryDirectory()
    let bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: MadeUpTool.toolbox, spool: Spool(path: directory.path),
      level: level, masked: masked, log: .silent)
    let tool = MadeUpTool(scripts: scripts, needs: needs, togetherBytes: togetherBytes)
    let catalogue = Catalogue(makers: [tool], found: MadeUpTool.toolbox)
    let conversion = Conversion(from: .txt, to: .md)
    let step = try XCTUnwrap(catalogue.steps(of: conversion)?.first)
    let source = try TestFile(Array("hello\n".utf8))
    var outputs = [try TestFile()]
    let order = Order(
      step: step, conversion: conversion,
      files: ConversionFiles(sources: [source.descriptor], output: outputs[0].descriptor), timeLimit: timeLimit,
      mostBytes: mostBytes,
      another: { () throws(ConversionFailure) in
        guard let file = try? TestFile() else { throw ConversionFailure(.internalError, "no file") }
        outputs.append(file)
        return file.descriptor
      })
    defer {
      XCTAssertEqual(try? Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, [], "what is left")
      XCTAssertEqual(source.bytes, Array("hello\n".utf8))
    }
    let files = try bench.make(order, watch: Watch(progress: progress, isCanceled: isCanceled))
    return Made(
      texts: files.map { file in
        String(decoding: outputs.first { $0.descriptor == file.descriptor }?.bytes ?? [], as: UTF8.self)
      }, labels: files.map(\.label))
  }

  /// Of several processes the one that has most is ended, and the others see to it as they like.
  func testMemoryOfAllProcessesTogether_EndsTheLargest() throws {
    let hoard = "x=$(yes | head -c 200000000); echo ${#x} > kept; sleep 5"
    let script = "(\(hoard)) & wait $!; echo \"ended with $?\" > out"
    XCTAssertEqual(try run(script, togetherBytes: 60 << 20).texts, ["ended with 137\n"])
    XCTAssertEqual(try run("echo small > out", togetherBytes: 60 << 20).texts, ["small\n"])
  }

  private func code(_ body: () throws -> Made) -> ConversionFailure.Code? {
    do {
      let made = try body()
      XCTFail("made \(made.texts)")
      return nil
    } catch {
      return (error as? ConversionFailure)?.code
    }
  }

  /// What is left out one after the other where a machine lacks it.
  private static let poorer: [ToolConfinement] = [
    [], [.processes], [.users, .network, .processes], [.users, .network, .processes, .paths],
    [.users, .network, .processes, .paths, .calls],
  ]

  func testMake_OnAnyMachine_GivesWhatTheProgramMade() throws {
    for masked in ToolBenchTests.poorer {
      XCTAssertEqual(try run("cat in-1.txt in-1.txt > out", masked: masked).texts, ["hello\nhello\n"], masked.words)
    }
  }

  func testMake_OfSeveralFiles_GivesThemInOrderWithTheirLabels() throws {
    let made = try run("echo 2 > out-2; echo 1 > out-1; echo 3 > out-3; echo x > other")
    XCTAssertEqual(made.texts, ["1\n", "2\n", "3\n"])
    XCTAssertEqual(made.labels, ["out-1", "out-2", "out-3"])
  }

  func testMake_WhenProgramReachesOut_IsRefusedByEveryLayerAlone() throws {
    let directory = try TemporaryDirectory()
    let secret = directory.path + "/secret"
    Array("secret".utf8).withUnsafeBytes { bytes in
      let file = open(secret, O_WRONLY | O_CREAT, 0o644)
      defer { close(file) }
      XCTAssertEqual(write(file, bytes.baseAddress, bytes.count), bytes.count)
    }
    let script = """
      cat \(secret) > out-secret 2>/dev/null || echo no > out-secret
      (echo x > \(directory.path)/planted) 2>/dev/null
      cat /etc/passwd > out-users 2>/dev/null || echo no > out-users
      ls / > out-root 2>/dev/null || echo no > out-root
      """
    for masked in [[], [.users, .network, .processes]] as [ToolConfinement] {
      XCTAssertEqual(try run(script, masked: masked).texts, ["no\n", "no\n", "no\n"])
      XCTAssertNotEqual(access(directory.path + "/planted", F_OK), 0)
    }
  }

  func testMake_WhenProgramCalls_ReachesNobody_ByEveryLayerAlone() throws {
    let listener = try CanaryServer()
    let script = """
      perl -MSocket -e 'print((socket(S, PF_INET, SOCK_STREAM, 0)
        && connect(S, sockaddr_in(\(listener.port), inet_aton("127.0.0.1")))) ? "yes" : "no")' > out
      """
    for masked in [[], [.users, .network, .processes], [.paths, .calls]] as [ToolConfinement] {
      XCTAssertEqual(try run(script, masked: masked).texts, ["no"], masked.words)
    }
    // Else the script proves nothing.
    XCTAssertEqual(try run(script, masked: [.users, .network, .processes, .paths, .calls]).texts, ["yes"])
  }

  func testMake_WhenProgramWantsMoreMemoryThanItMayHave_Fails() {
    XCTAssertEqual(code { try run("perl -e '$x = \"x\" x (3 << 30); print length $x' > out") }, .damagedFile)
  }

  func testMake_WhenProgramMakesLinks_TakesNone() throws {
    let cases = [
      "ln -s /etc/passwd out", "ln /etc/passwd out", "ln -s in-1.txt out", "ln in-1.txt out", "mkfifo out", "mkdir out",
      "ln -s . out", "mkdir -p a/b/c/d; ln -s ../../../.. a/b/c/d/up; ln -s /etc/passwd out", ": > out",
      "mkdir -p d/e; echo x > d/e/f; chmod 000 d/e d; exit 1",
    ]
    for script in cases {
      for masked in [[], [.users, .network, .processes, .paths, .calls]] as [ToolConfinement] {
        let found = code { try run(script + "; true", masked: masked) }
        XCTAssertTrue(
          [.converterDied, .outputTooLarge, .damagedFile].contains(found), "\(script): \(String(describing: found))")
      }
    }
  }

  func testMake_WhenProgramMakesAnotherType_Fails() {
    XCTAssertEqual(code { try run("printf '\\377\\330\\377\\340' > out") }, .converterDied)
  }

  func testMake_WhenProgramWritesWithoutEnd_EndsAtTheLimit() {
    let cases = [
      "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done > out",
      "n=0; while :; do n=$((n+1)); : > out-$n; done",
      "n=0; while :; do n=$((n+1)); head -c 900000 /usr/bin/qpdf /usr/bin/perl > out-$n 2>/dev/null; done",
    ]
    for script in cases { XCTAssertEqual(code { try run(script, mostBytes: 1 << 20) }, .outputTooLarge, script) }
  }

  func testMake_WhenProgramFillsFoldersOfItsOwn_EndsAtTheLimit() {
    let cases = [
      "mkdir -p a/b; n=0; while :; do n=$((n+1)); head -c 900000 /usr/bin/perl > a/b/out-$n; done",
      "n=0; while :; do n=$((n+1)); mkdir a-$n; : > a-$n/b; done",
      "d=.; while :; do d=$d/a; mkdir -p $d; done",
    ]
    for script in cases {
      XCTAssertEqual(code { try run(script, mostBytes: 1 << 20, needs: .folders) }, .outputTooLarge, script)
    }
  }

  func testMake_WhenProgramPrintsWithoutEnd_EndsAtItsTime() {
    XCTAssertEqual(code { try run("while :; do echo y; done", timeLimit: .seconds(1)) }, .timeLimit)
    XCTAssertEqual(code { try run("while :; do echo y >&2; done", timeLimit: .seconds(1)) }, .timeLimit)
  }

  func testMake_WhenProgramHangsAndHearsNoSignal_EndsAtItsTimeAndWhenCanceled() {
    let script = "trap '' TERM INT HUP QUIT; while :; do sleep 1000; done"
    for masked in ToolBenchTests.poorer {
      XCTAssertEqual(code { try run(script, timeLimit: .milliseconds(300), masked: masked) }, .timeLimit)
      var asked = 0
      let isCanceled = {
        asked += 1
        return asked > 2
      }
      XCTAssertEqual(code { try run(script, masked: masked, isCanceled: isCanceled) }, .canceled)
    }
  }

  func testMake_WhenProgramLeavesProcessesBehind_EndsThemAll() throws {
    for masked in ToolBenchTests.poorer {
      // One that has left group, session and parent would keep its folder and the pipe.
      let mark = "87654\(masked.rawValue)\(getpid())"
      let script = """
        (setsid sh -c 'trap "" TERM; sleep \(mark)' &) ; (sleep \(mark) & ) ; sleep \(mark) &
        echo made > out
        """
      XCTAssertEqual(try run(script, masked: masked).texts, ["made\n"])
      XCTAssertEqual(try ToolBenchTests.processes(with: mark), [], masked.words)
    }
  }

  func testMake_WhenProgramForksWithoutEnd_EndsThemAll() throws {
    let mark = "7\(getpid())"
    let script = "f() { sleep \(mark) & f & f & }; f; sleep \(mark)"
    _ = code { try run(script, timeLimit: .seconds(1)) }
    XCTAssertEqual(try ToolBenchTests.processes(with: mark), [])
  }

  func testMake_WhenLessHoldsThanIsAskedFor_DoesNotStartTheProgram() {
    XCTAssertEqual(code { try run("echo x > out", masked: [.calls], level: .basic) }, .internalError)
    XCTAssertEqual(code { try run("echo x > out", masked: [.paths], level: .full) }, .internalError)
    XCTAssertNoThrow(try run("echo x > out", masked: [.users, .network, .processes, .paths], level: .basic))
  }

  func testMake_WhenProgramFails_TellsItsLastWordsWithoutPaths() {
    XCTAssertThrowsError(try run("echo 'cannot read /var/lib/wonder/x.pdf: broken' >&2; exit 2")) { error in
      XCTAssertEqual((error as? ConversionFailure)?.message, "cannot read (path): broken")
    }
    XCTAssertEqual(code { try run("kill -SEGV $$") }, .converterDied)
  }

  func testMake_GivesTheProgramNoEnvironmentAndNoDescriptors() throws {
    setenv("WONDER_TEST_SECRET", "secret", 1)
    defer { unsetenv("WONDER_TEST_SECRET") }
    let made = try run(
      "env | grep -c SECRET > out-env; for n in 3 4 5 6 7 8 9; do (: >&$n) 2>/dev/null && echo $n; done > out-open; echo end >> out-open"
    )
    XCTAssertEqual(made.texts, ["0\n", "end\n"])
  }

  /// Processes of this machine with a word in their command line.
  private static func processes(with word: String) throws -> [String] {
    try Folder.names(in: "/proc").filter { name in
      guard Int(name) != nil, let bytes = try? Folder.bytes(ofUnsized: "/proc/\(name)/cmdline") else { return false }
      return String(decoding: bytes, as: UTF8.self).contains(word)
    }
  }
}

extension Folder {
  /// The bytes of a file whose size nobody knows beforehand.
  fileprivate static func bytes(ofUnsized path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    return Array(bytes[..<max(0, read(file, &bytes, bytes.count))])
  }
}
