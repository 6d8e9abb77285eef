import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class WorkerPoolTests: XCTestCase {
  private func withPool(
    workers: Int = 1, limits: ConversionLimits = ConversionLimits(), masked: Set<SandboxLayer> = [],
    _ body: (WorkerPool) throws -> Void
  ) throws {
    let pool = WorkerPool(
      executable: BuiltProgram.path, workers: workers, limits: limits, masked: masked, log: .silent)
    defer { pool.close() }
    try body(pool)
  }

  private func job(
    _ pool: WorkerPool, _ input: TestFile? = nil, timeLimit: Duration = .seconds(30), isCanceled: () -> Bool = { false }
  ) throws -> ConversionOutcome {
    let input = try input ?? Picture.gradient(200, 200, 3).png()
    let output = try TestFile()
    defer { withExtendedLifetime((input, output)) {} }
    return try pool.convert(
      Conversion(from: .png, to: .jpeg), files: ConversionFiles(sources: [input.descriptor], output: output.descriptor),
      timeLimit: timeLimit, isCanceled: isCanceled)
  }

  func testConvert_InAChild_DoesTheSameAsInProcess() throws {
    let input = try Picture.gradient(200, 200, 3).png()
    let here = try convert(input, from: .png, to: .jpeg).outcome
    try withPool { pool in
      var there = try job(pool, input)
      XCTAssertGreaterThan(try XCTUnwrap(there.usage).peakKibibytes, 0)
      there.usage = nil
      XCTAssertEqual(there, here)
    }
  }

  func testConvert_OfAsManyFilesAsThereMayBe_HasThemAll() throws {
    let most = ConversionFiles.mostSources
    let source = try Picture.gradient(9, 9, 3).png()
    let mark = try Picture.gradient(3, 3, 4).png()
    let output = try TestFile()
    let sources = [Int32](repeating: source.descriptor, count: most)
    try withPool { pool in
      let merge = Conversion(from: nil, to: .pdf, options: try ConversionOptions(["merge": "true"]))
      let files = ConversionFiles(sources: sources, overlay: mark.descriptor, output: output.descriptor)
      let outcome = try pool.convert(merge, files: files, timeLimit: .seconds(60))
      XCTAssertEqual([outcome.width, outcome.height], [9, 9])
      XCTAssert(String(decoding: output.bytes, as: UTF8.self).contains("/Count \(most)"))
      // As much text as names can be.
      let names = (0..<most).map { "\($0)" + String(repeating: "\"", count: 252) }
      let archive = try pool.convert(
        Conversion(from: nil, to: .zip, names: names),
        files: ConversionFiles(sources: sources, output: output.descriptor), timeLimit: .seconds(60))
      XCTAssertNil(archive.width)
      XCTAssertEqual(output.bytes.suffix(14).prefix(2), [UInt8(most), 0])
      let failed = failure {
        let files = ConversionFiles(sources: sources + [source.descriptor], output: output.descriptor)
        _ = try pool.convert(merge, files: files, timeLimit: .seconds(60))
      }
      XCTAssertEqual(failed?.code, .unsupportedConversion)
      XCTAssertNoThrow(try job(pool))
    }
    withExtendedLifetime((source, mark)) {}
  }

  func testConvert_WithAMessageThatIsTooLong_FailsAndTheNextWorks() throws {
    let source = try TestFile([1])
    let output = try TestFile()
    try withPool { pool in
      for length in [Channel.longestRequest, 4 << 20] {
        let failed = failure {
          _ = try pool.convert(
            Conversion(from: nil, to: .zip, names: [String(repeating: "n", count: length)]),
            files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: .seconds(30))
        }
        XCTAssertNotNil(failed)
        XCTAssertNoThrow(try job(pool))
      }
    }
    withExtendedLifetime(source) {}
  }

  func testReceive_OfMoreDescriptorsThanWanted_FailsAndKeepsNone() throws {
    let (one, other) = try Channel.pair()
    let before = try TestFile().descriptor
    try one.send(.null, descriptors: [0, 0, 0])
    XCTAssertThrowsError(try other.receiveWithDescriptors(atMost: 2)) {
      XCTAssertEqual(($0 as? SystemFailure)?.code, EMSGSIZE)
    }
    XCTAssertEqual(try TestFile().descriptor, before)
    try one.send(.null, descriptors: [0, 0])
    let received = try other.receiveWithDescriptors(atMost: 2).descriptors
    XCTAssertEqual(received.count, 2)
    for descriptor in received { close(descriptor) }
    XCTAssertThrowsError(try one.send(.null, descriptors: [Int32](repeating: 0, count: 203)))
  }

  func testConvert_OneJobAfterAnother_HasAChildOfItsOwn() throws {
    try withPool { pool in
      var children: Set<Int32> = []
      for _ in 0..<3 {
        _ = try job(pool) {
          if let busy = pool.status.first?.busy { children.insert(busy) }
          return false
        }
      }
      XCTAssertEqual(children.count, 3)
    }
  }

  func testConvert_DamagedFile_TellsItsReason() throws {
    let bytes = try Picture.gradient(60, 60, 3).png().bytes.dropLast(30)
    try withPool { pool in
      let failed = failure { _ = try job(pool, try TestFile(Array(bytes))) }
      XCTAssertEqual(failed?.code, .damagedFile)
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_ChildKilled_FailsOnlyItsJob() throws {
    try withPool { pool in
      _ = try job(pool)
      try stopReadyChild(pool)
      let failed = failure {
        _ = try job(pool) {
          if let busy = pool.status.first?.busy { kill(busy, SIGKILL) }
          return false
        }
      }
      XCTAssertEqual(failed?.code, .converterDied)
      XCTAssertEqual(failed?.isWorkerDeath, true)
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_WaitingChildKilled_TakesTheNext() throws {
    try withPool { pool in
      _ = try pool.probe()
      let child = try readyChild(pool)
      kill(child, SIGKILL)
      // It lives until it has its turn, and would take the job with it.
      while kill(child, 0) == 0 { usleep(1000) }
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_ZygoteKilled_IsReplaced() throws {
    try withPool { pool in
      let first = try XCTUnwrap(pool.status.first).zygote
      try stopReadyChild(pool)
      let failed = failure {
        _ = try job(pool) {
          kill(first, SIGKILL)
          return false
        }
      }
      XCTAssertEqual(failed?.code, .converterDied)
      XCTAssertNoThrow(try job(pool))
      XCTAssertNotEqual(pool.status.first?.zygote, first)
    }
  }

  func testCanWork_WithADeadWorker_HasItReplaced() throws {
    try withPool { pool in
      let dead = try XCTUnwrap(pool.status.first?.zygote)
      kill(dead, SIGKILL)
      // Dead for sure, and still there to be reaped by whoever started it.
      var facts = siginfo_t()
      XCTAssertEqual(waitid(P_PID, id_t(dead), &facts, WEXITED | WNOWAIT), 0)
      XCTAssertTrue(pool.canWork)
      XCTAssertNotEqual(pool.status.first?.zygote, dead)
      _ = try job(pool)
    }
  }

  func testCanWork_WithoutAProgram_IsFalse() {
    let pool = WorkerPool(executable: "/nonexistent/wonder", workers: 1, log: .silent)
    defer { pool.close() }
    XCTAssertFalse(pool.canWork)
  }

  func testCanWork_WithAProgramThatIsNoWorker_IsFalse() {
    for program in ["/bin/true", "/usr/bin/yes"] {
      let pool = WorkerPool(executable: program, workers: 1, log: .silent)
      defer { pool.close() }
      XCTAssertFalse(pool.canWork, program)
    }
  }

  func testConvert_WithoutAProgram_WaitsForAsLongAsItMayTake_OrUntilItIsCanceled() throws {
    let pool = WorkerPool(executable: "/nonexistent/wonder", workers: 1, isPatient: true, log: .silent)
    defer { pool.close() }
    XCTAssertEqual(failure { _ = try job(pool, timeLimit: .milliseconds(1)) }?.code, .internalError)
    var looks = 0
    let canceled = failure {
      _ = try job(pool, timeLimit: .seconds(600)) {
        looks += 1
        return looks > 20
      }
    }
    XCTAssertEqual(canceled?.code, .canceled)
  }

  func testConvert_StoppedChild_EndsAtItsTimeLimit() throws {
    try withPool { pool in
      try stopReadyChild(pool)
      let start = Clock.readMonotonic()
      let failed = failure { _ = try job(pool, timeLimit: .milliseconds(250)) }
      XCTAssertEqual(failed?.code, .timeLimit)
      XCTAssertLessThan(Clock.readMonotonic() - start, 1_500_000_000)
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_StoppedZygote_EndsTheJobAllTheSame() throws {
    try withPool { pool in
      try stopReadyChild(pool)
      let failed = failure {
        _ = try job(pool, timeLimit: .milliseconds(100)) {
          for status in pool.status { kill(status.zygote, SIGSTOP) }
          return false
        }
      }
      XCTAssertEqual(failed?.code, .timeLimit)
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_Canceled_StopsTheChild() throws {
    try withPool { pool in
      try stopReadyChild(pool)
      XCTAssertEqual(failure { _ = try job(pool, isCanceled: { true }) }, .canceled)
    }
  }

  func testConvert_TooMuchProcessorTime_IsTheTimeLimit() throws {
    try withPool { pool in
      try stopReadyChild(pool)
      let failed = failure {
        _ = try job(pool) {
          // What the kernel sends at RLIMIT_CPU.
          if let busy = pool.status.first?.busy {
            kill(busy, SIGXCPU)
            kill(busy, SIGCONT)
          }
          return false
        }
      }
      XCTAssertEqual(failed?.code, .timeLimit)
    }
  }

  func testConvert_MoreMemoryThanAllowed_IsTheMemoryLimit() throws {
    var limits = ConversionLimits()
    limits.maxPixels = 200_000_000
    limits.memoryBytes = 256 << 20
    var picture = PNGBuilder(width: 12_000, height: 12_000, bits: 8, colorType: 6, interlaced: true)
    picture.finish(rows: [])
    try withPool(limits: limits) { pool in
      let failed = failure { _ = try job(pool, try TestFile(picture.bytes)) }
      XCTAssertEqual(failed?.code, .memoryLimit)
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testConvert_OutputOverItsLimit_HasItsOwnCode() throws {
    var limits = ConversionLimits()
    limits.maxOutputBytes = 1000
    try withPool(limits: limits) { pool in
      XCTAssertEqual(failure { _ = try job(pool) }?.code, .outputTooLarge)
    }
  }

  func testConvert_MoreCallersThanWorkers_AllGetTheirTurn() throws {
    let input = try Picture.gradient(200, 200, 3).png()
    try withPool(workers: 2) { pool in
      let sizes = Mutex<[Int64]>([])
      let callers = (0..<8).map { _ in
        ServiceThread("caller") {
          guard let output = try? TestFile() else { return }
          let outcome = try? pool.convert(
            Conversion(from: .png, to: .jpeg),
            files: ConversionFiles(sources: [input.descriptor], output: output.descriptor),
            timeLimit: .seconds(30))
          sizes.withLock { $0.append(outcome?.size ?? 0) }
        }
      }
      for caller in callers { caller.join() }
      XCTAssertEqual(Set(sizes.withLock(\.self)).count, 1)
      XCTAssertEqual(sizes.withLock(\.count), 8)
    }
  }

  func testClose_WhileAJobRuns_CancelsItAndEndsEveryProcess() throws {
    let pool = WorkerPool(executable: BuiltProgram.path, workers: 1, log: .silent)
    defer { pool.close() }
    try stopReadyChild(pool)
    let zygote = try XCTUnwrap(pool.status.first).zygote
    let closer = Mutex<ServiceThread?>(nil)
    let failed = failure {
      _ = try job(pool) {
        closer.withLock { $0 = $0 ?? ServiceThread("closer") { pool.close() } }
        return false
      }
    }
    closer.withLock(\.self)?.join()
    XCTAssertEqual(failed, .canceled)
    XCTAssertEqual(kill(zygote, 0), -1)
    XCTAssertEqual(failure { _ = try job(pool) }, .canceled)
  }

  func testSandbox_RefusesFilesSocketsAndForks() throws {
    try withPool { pool in
      let probe = try pool.probe()
      XCTAssert(probe.isTight, "\(probe)")
      XCTAssertEqual(pool.sandboxLevel, probe.layers)
      XCTAssert(probe.layers.contains(.resourceLimits))
      XCTAssert(probe.layers.contains(.noNewPrivileges))
      XCTAssertEqual(probe.layers.contains(.user), geteuid() == 0)
    }
  }

  func testSandbox_WithoutLandlock_HoldsBySystemCallsAlone() throws {
    try withPool(masked: [.landlock]) { pool in
      let probe = try pool.probe()
      XCTAssertFalse(probe.layers.contains(.landlock))
      XCTAssert(probe.isTight, "\(probe)")
      XCTAssertNoThrow(try job(pool))
    }
  }

  func testSandbox_WithoutSystemCallFilter_StillOpensNoFile() throws {
    try withPool(masked: [.systemCalls]) { pool in
      let probe = try pool.probe()
      try XCTSkipUnless(probe.layers.contains(.landlock), "this kernel has no Landlock")
      XCTAssertFalse(probe.canOpenFile)
      XCTAssertFalse(probe.isTight)
      // Landlock lets everybody look at any path; only the filter of system calls does not.
      XCTAssertTrue(probe.canLookAtPath)
    }
  }

  func testSandbox_LearnsNothingOfAnyPath() throws {
    for masked in [[], [SandboxLayer.landlock]] as [Set<SandboxLayer>] {
      try withPool(masked: masked) { pool in XCTAssertFalse(try pool.probe().canLookAtPath, "without \(masked)") }
    }
  }

  /// The child that waits for the next job, once it is in its sandbox: before that it does not die with its parent.
  private func readyChild(_ pool: WorkerPool) throws -> Int32 {
    for _ in 0..<100 {
      _ = try pool.probe()
      guard let ready = pool.status.first?.ready else { continue }
      let deadline = Clock.readMonotonic() + 5_000_000_000
      while Clock.readMonotonic() < deadline {
        if try processStatus(ready).contains("NoNewPrivs:\t1") { return ready }
        sched_yield()
      }
    }
    throw XCTSkip("no child got ready")
  }

  private func processStatus(_ process: Int32) throws -> String {
    let file = open("/proc/\(process)/status", O_RDONLY)
    guard file >= 0 else { throw XCTSkip("no /proc") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func stopReadyChild(_ pool: WorkerPool) throws {
    kill(try readyChild(pool), SIGSTOP)
  }
}
