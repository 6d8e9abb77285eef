import Basics
import Conversion
import Formats
import Glibc
import TestSupport
import XCTest

/// What a tool can ask for beyond one call that sees its folder alone: more calls, a word of how far it is, more rights.
final class ToolSeamTests: XCTestCase {
  private func made(
    _ scripts: [String], needs: ToolNeeds = [], masked: ToolConfinement = [], fed: String? = nil,
    printed: String? = nil, sockets: String? = nil, own: [UInt8]? = nil, progress: @escaping (Int) -> Void = { _ in }
  ) throws -> String {
    let directory = try TemporaryDirectory()
    let bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: MadeUpTool.toolbox, spool: Spool(path: directory.path),
      level: .weak, masked: masked, log: .silent)
    let tool = MadeUpTool(scripts: scripts, needs: needs, fed: fed, printed: printed, sockets: sockets, own: own)
    let catalogue = Catalogue(makers: [tool], found: MadeUpTool.toolbox)
    let conversion = Conversion(from: .txt, to: .md)
    let step = try XCTUnwrap(catalogue.steps(of: conversion)?.first)
    let (source, output) = (try TestFile(Array("hello\n".utf8)), try TestFile())
    let files = ConversionFiles(sources: [source.descriptor], output: output.descriptor)
    let order = Order(
      step: step, conversion: conversion, files: files, timeLimit: .seconds(60), mostBytes: 1 << 20)
    _ = try bench.make(order, watch: Watch(progress: progress))
    XCTAssertEqual(try Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, [], "what is left")
    return String(decoding: output.bytes, as: UTF8.self)
  }

  func testMake_OfSeveralCalls_RunsThemInOneFolderInTheirOrder() throws {
    XCTAssertEqual(try made(["tr a-z A-Z < in-1.txt > middle", "cat middle middle > out"]), "HELLO\nHELLO\n")
  }

  func testMake_WhatIsPrintedIntoAFile_IsThereForTheNextCallWithoutComplaints() throws {
    for masked in [[], [.users, .network, .processes, .paths, .calls]] as [ToolConfinement] {
      let scripts = ["echo told; echo complaint >&2", "cat told > out"]
      XCTAssertEqual(try made(scripts, masked: masked, printed: "told"), "told\n")
    }
    XCTAssertThrowsError(try made(["echo told"], printed: "in-1.txt"), "no file is written over")
  }

  func testMake_OfAFileThatIsFed_ReadsItAsStandardInput() throws {
    for masked in [[], [.users, .network, .processes, .paths, .calls]] as [ToolConfinement] {
      XCTAssertEqual(try made(["cat > out"], masked: masked, fed: "in-1.txt"), "hello\n")
    }
    XCTAssertThrowsError(try made(["cat > out"]), "there is nothing to read")
    XCTAssertThrowsError(try made(["cat > out"], fed: "other"))
  }

  func testMake_OfWhatAProgramTold_TakesTheBytesOfTheTool() throws {
    XCTAssertEqual(try made(["echo told"], printed: "told", own: Array("mine ".utf8)), "mine 5")
  }

  func testMake_WhenProgramTellsHowFarItIs_HandsItOn() throws {
    var told: [Int] = []
    let script = "echo done=10; echo other=90; echo done=60; echo out of words; cat in-1.txt > out"
    _ = try made([script, "echo done=50; true"]) { told.append($0) }
    XCTAssertEqual(told.last, 75)
    XCTAssertEqual(told, told.sorted())
  }

  func testMake_LetsTheServerGoFirst() throws {
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    XCTAssertEqual(try made(["nice > out"]), "\(min(19, own + 10))\n")
  }

  func testMake_MayMakeFolders_OnlyWhenItNeedsThem() throws {
    let script = "mkdir -p a/b 2>/dev/null && echo x > a/b/c && mv a/b/c out && rm -r a || echo no > out"
    XCTAssertEqual(try made([script]), "no\n")
    XCTAssertEqual(try made([script], needs: .folders), "x\n")
  }

  func testMake_MayReadRandomAndFonts_OnlyWhenItNeedsThem() throws {
    let random = "head -c 1 /dev/urandom 2>/dev/null | wc -c > out"
    XCTAssertEqual(try made([random]), "0\n")
    XCTAssertEqual(try made([random], needs: .random), "1\n")
  }

  func testMake_MayOpenLocalSockets_OnlyWhenItNeedsThem_AndNeverOthers() throws {
    let script = """
      perl -MSocket -e 'print socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un("s")) ? "local " : "none ";
        print socket(T, PF_INET, SOCK_STREAM, 0) ? "far" : "none"' > out
      """
    for masked in [[], [.users, .network, .processes]] as [ToolConfinement] {
      XCTAssertEqual(try made([script], masked: masked), "none none")
      XCTAssertEqual(try made([script], needs: .localSockets, masked: masked), "local none")
    }
  }

  func testMake_OfProgramsThatListen_LeavesNoNames_AndTakesNoOthers() throws {
    let mark = "wonder-test-\(getpid())-"
    let other = try listener(at: "/tmp/\(mark)other")
    defer {
      close(other)
      unlink("/tmp/\(mark)other")
    }
    let script = """
      perl -MSocket -e '$p = "/tmp/\(mark)own"; socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un($p))
        && listen(S, 1) or die; select(undef, undef, undef, 0.01) while $ARGV[0] && -e $p; print "done"'
      """
    // In a network of its own the name goes while the program runs; else with its end.
    XCTAssertEqual(try made([script + " 1 > out"], needs: .localSockets, sockets: mark), "done")
    for masked in [[.users, .network], [.users, .network, .processes]] as [ToolConfinement] {
      XCTAssertEqual(try made([script + " 0 > out"], needs: .localSockets, masked: masked, sockets: mark), "done")
      XCTAssertThrowsError(
        try made([script + " 0; kill -9 $$"], needs: .localSockets, masked: masked, sockets: mark))
    }
    XCTAssertNotEqual(access("/tmp/\(mark)own", F_OK), 0)
    XCTAssertEqual(fcntl(other, F_GETFD), FD_CLOEXEC, "not open any more")
    XCTAssertEqual(access("/tmp/\(mark)other", F_OK), 0)
  }

  private func listener(at path: String) throws -> Int32 {
    let listener = try BoundSocket.make(at: path)
    // As if the same user had made it.
    if geteuid() == 0 { _ = chown(path, 65_534, 65_534) }
    return listener
  }
}
