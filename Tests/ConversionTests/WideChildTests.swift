import Basics
import Glibc
import TestSupport
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Children with a second thread, for a large picture on an idle machine.
final class WideChildTests: XCTestCase {
  private static let picture = Picture(1600, 1200, 3) { x, y, channel in
    (x + y * 2 + channel * 30) / 9 + (x &* 7919 ^ y &* 104_729) >> 3 & 15
  }

  private func withPool(
    threads: Int = 2, limits: ConversionLimits = ConversionLimits(), masked: Set<SandboxLayer> = [],
    _ body: (WorkerPool) throws -> Void
  ) throws {
    let pool = WorkerPool(
      executable: BuiltProgram.path, workers: 1, threads: threads, limits: limits, masked: masked, log: .silent)
    defer { pool.close() }
    try body(pool)
  }

  private func job(
    _ pool: WorkerPool, _ input: TestFile, isWide: Bool = true, isCanceled: () -> Bool = { false }
  ) throws -> (outcome: ConversionOutcome, bytes: [UInt8]) {
    let output = try TestFile()
    let outcome = try pool.convert(
      Conversion(from: .png, to: .jpeg), files: ConversionFiles(sources: [input.descriptor], output: output.descriptor),
      timeLimit: .seconds(60), isWide: isWide, isCanceled: isCanceled)
    return (outcome, output.bytes)
  }

  func testConvert_InAWideChild_DoesTheSameAsInANarrowOne() throws {
    let input = try Self.picture.png()
    try withPool { pool in
      var (wide, narrow) = (try job(pool, input), try job(pool, input, isWide: false))
      wide.outcome.usage = nil
      narrow.outcome.usage = nil
      XCTAssertEqual(wide.outcome, narrow.outcome)
      XCTAssert(wide.bytes == narrow.bytes)
    }
  }

  func testConvert_InAWideChild_LeavesTheOneThatIsReady() throws {
    let input = try Self.picture.png()
    try withPool { pool in
      _ = try pool.probe()
      _ = try job(pool, input, isWide: false)
      _ = try job(pool, input)
      let ready = try XCTUnwrap(pool.status.first?.ready)
      var children: [Int32] = []
      for isWide in [true, false] {
        _ = try job(pool, input, isWide: isWide) {
          if let busy = pool.status.first?.busy { children.append(busy) }
          return false
        }
      }
      XCTAssertNotEqual(children.first, ready)
      XCTAssertEqual(children.last, ready)
    }
  }

  func testSandbox_OfAWideChild_HoldsForBothThreads() throws {
    try withPool { pool in
      let (wide, narrow) = (try pool.probe(isWide: true), try pool.probe())
      XCTAssert(wide.isTight, "\(wide)")
      XCTAssertEqual([wide.threads, narrow.threads], [2, 1])
      XCTAssertEqual(wide.layers, narrow.layers)
    }
  }

  func testSandbox_OfAWideChild_HoldsInEachLayerAlone() throws {
    try withPool(masked: [.landlock]) { pool in
      let probe = try pool.probe(isWide: true)
      XCTAssert(probe.isTight, "\(probe)")
      XCTAssertEqual(probe.threads, 2)
    }
    try withPool(masked: [.systemCalls]) { pool in
      let probe = try pool.probe(isWide: true)
      try XCTSkipUnless(probe.layers.contains(.landlock), "this kernel has no Landlock")
      XCTAssertFalse(probe.canOpenFile)
      XCTAssertTrue(probe.canFork)
      XCTAssertTrue(probe.canMakeThread)
      XCTAssertEqual(probe.threads, 2)
    }
  }

  func testSandbox_AsTheKernelTellsIt_IsTheSameForBothThreads() throws {
    let input = try Self.picture.png()
    try withPool { pool in
      let layers = try pool.probe(isWide: true).layers
      var facts: [[String: String]] = []
      // Stopped, so that both are seen at one moment; asked again after each of the child's messages, of which the first comes
      // when its sandbox is complete. A child may be through with its job before this thread has its turn.
      for _ in 0..<50 where !facts.contains(where: { $0["Seccomp"] == "2" }) {
        _ = try job(pool, input) {
          guard let busy = pool.status.first?.busy, facts.allSatisfy({ $0["Seccomp"] != "2" }) else { return false }
          kill(busy, SIGSTOP)
          facts = Self.threads(busy)
          kill(busy, SIGCONT)
          return false
        }
      }
      try XCTSkipUnless(layers.contains(.systemCalls), "this kernel filters no calls")
      XCTAssertEqual(facts.count, 2)
      XCTAssertEqual(Set(facts.map { $0["Name"] }).count, 2)
      XCTAssertEqual(facts.map { $0["NoNewPrivs"] }, ["1", "1"])
      XCTAssertEqual(facts.map { $0["Seccomp"] }, ["2", "2"])
      guard geteuid() == 0 else { return }
      for name in ["Uid", "Gid"] {
        XCTAssertEqual(facts.map { $0[name] }, [String](repeating: "65534\t65534\t65534\t65534", count: 2))
      }
      XCTAssertEqual(facts.map { $0["CapEff"] }, ["0000000000000000", "0000000000000000"])
    }
  }

  func testPool_WithOneThread_MakesNoWideChild() throws {
    try withPool(threads: 1) { pool in XCTAssertEqual(try pool.probe(isWide: true).threads, 1) }
  }

  func testConvert_DamagedAndTooLarge_FailsAsInANarrowChild() throws {
    let whole = try Self.picture.png()
    let cut = try TestFile(Array(whole.bytes.dropLast(whole.bytes.count / 3)))
    var limits = ConversionLimits()
    limits.maxOutputBytes = 60_000
    try withPool(limits: limits) { pool in
      for (input, code) in [(cut, ConversionFailure.Code.damagedFile), (whole, .outputTooLarge)] {
        let wide = failure { _ = try job(pool, input) }
        XCTAssertEqual(wide, failure { _ = try job(pool, input, isWide: false) })
        if input === whole { XCTAssertEqual(wide?.code, code) }
      }
    }
  }

  func testConvert_CanceledInAWideChild_StopsItAndTheNextWorks() throws {
    let input = try Self.picture.png()
    try withPool { pool in
      XCTAssertEqual(failure { _ = try job(pool, input, isCanceled: { true }) }, .canceled)
      XCTAssertNoThrow(try job(pool, input))
    }
  }

  func testConvert_WideChildKilled_FailsOnlyItsJob() throws {
    let input = try Self.picture.png()
    try withPool { pool in
      let failed = failure {
        _ = try job(pool, input) {
          if let busy = pool.status.first?.busy { kill(busy, SIGKILL) }
          return false
        }
      }
      XCTAssertEqual(failed?.code, .converterDied)
      XCTAssertNoThrow(try job(pool, input))
    }
  }

  /// What the kernel tells of each thread of a process.
  private static func threads(_ process: Int32) -> [[String: String]] {
    guard let folder = opendir("/proc/\(process)/task") else { return [] }
    defer { closedir(folder) }
    var found: [[String: String]] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard !name.hasPrefix(".") else { continue }
      let file = open("/proc/\(process)/task/\(name)/status", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: 8192)
      let count = read(file, &bytes, bytes.count)
      var facts: [String: String] = [:]
      for line in String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { facts[String(parts[0])] = String(parts[1].drop { $0 == "\t" }) }
      }
      found.append(facts)
    }
    return found
  }
}
