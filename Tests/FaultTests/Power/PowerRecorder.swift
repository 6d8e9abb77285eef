import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// Keeps the record of what programs do below a folder, and of what was claimed meanwhile.
final class PowerRecorder {
  private typealias Create = @convention(c) (UnsafePointer<CChar>, Int) -> UnsafeMutableRawPointer?
  private typealias Mark = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Void

  /// Bytes of a record, which count in the memory that a worker process may have.
  private static let mostBytes = 96 << 20
  /// Where its entries begin, behind the mutex and the figures that `powerlog.h` has there.
  private static let begin = 4096

  /// What is recorded; it is there and empty.
  let root: String
  private let tools: TemporaryDirectory
  private let library: String
  private let memory: UnsafeMutableRawPointer
  private let markCall: Mark
  private var start: PowerTree?
  private var claims: [PowerClaim] = []

  /// Compiles the library; skips the test where there is no compiler.
  init() throws {
    tools = try TemporaryDirectory()
    let disk = tools.path + "/disk"
    try check("mkdir", disk) { mkdir(disk, 0o700) }
    root = disk
    library = tools.path + "/powerlog.so"
    guard access("/usr/bin/gcc", X_OK) == 0 else { throw XCTSkip("gcc is not installed") }
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "powerlog.c").path
    let result = try Shell.run("gcc", "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl")
    guard result.code == 0 else { throw XCTSkip("gcc cannot build the recorder: \(result.text)") }
    let handle = try XCTUnwrap(dlopen(library, RTLD_NOW))
    let create = unsafeBitCast(try XCTUnwrap(dlsym(handle, "powerlog_create")), to: Create.self)
    markCall = unsafeBitCast(try XCTUnwrap(dlsym(handle, "powerlog_mark")), to: Mark.self)
    memory = try XCTUnwrap(create(tools.path + "/record", Self.mostBytes))
  }

  /// With which a program is recorded.
  var environment: [String: String] {
    ["LD_PRELOAD": library, "POWER_ROOT": root, "POWER_LOG": tools.path + "/record"]
  }

  /// Begins: what is there now is on disk.
  func begin() throws { start = try PowerTree(root) }

  /// A file outside of what is recorded.
  func path(_ name: String) -> String { tools.path + "/" + name }

  /// Notes what an answer says that has just been read to its end; gives its number.
  @discardableResult
  func answered(_ name: String, _ look: @escaping @Sendable (Store) throws -> String?) -> Int {
    claims.append(PowerClaim(name: name, look: look))
    markCall(memory, "+\(claims.count - 1)")
    return claims.count - 1
  }

  /// Notes what holds now that a command has ended.
  @discardableResult
  func ended(_ name: String, _ look: @escaping @Sendable (Store) throws -> String? = { _ in nil }) -> Int {
    claims.append(PowerClaim(name: name, look: look))
    markCall(memory, "!\(claims.count - 1)")
    return claims.count - 1
  }

  /// Notes that claims may end now, because somebody asks for it.
  func withdraw(_ numbers: [Int]) { for number in numbers { markCall(memory, "-\(number)") } }

  /// The history so far, once no program is recorded any more; fails unless it leads to what is there byte for byte.
  ///
  /// Syncs of paths in which `forgotten` is found are taken for none.
  func finish(forgotten: String? = nil, file: StaticString = #filePath, line: UInt = #line) throws -> (
    history: PowerHistory, claims: [PowerClaim.Span]
  ) {
    let figures = memory + MemoryLayout<pthread_mutex_t>.size
    let used = figures.load(as: Int.self)
    XCTAssertEqual(figures.load(fromByteOffset: 16, as: Int.self), 0, "the record is too short", file: file, line: line)
    let bytes = [UInt8](unsafeUninitializedCapacity: used) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(start: memory + Self.begin, count: used))
      count = used
    }
    let history = PowerHistory(start: try XCTUnwrap(start), record: bytes) { path in
      forgotten.map { path.contains($0) } ?? false
    }
    try compare(history, file, line)
    var spans: [Int: PowerClaim.Span] = [:]
    for (text, point) in history.marks {
      guard let number = Int(text.dropFirst()) else { continue }
      if text.hasPrefix("-") {
        spans[number]?.until = point
      } else {
        spans[number] = PowerClaim.Span(claim: claims[number], from: point)
      }
    }
    return (history, spans.sorted { $0.key < $1.key }.map(\.value))
  }

  private func compare(_ history: PowerHistory, _ file: StaticString, _ line: UInt) throws {
    let state = PowerState(point: history.records, keepsBytes: true, keepsNames: true)
    let replayed = PowerMirror(history).files(in: state)
    let end = PowerHistory(start: try PowerTree(root), record: [])
    let found = PowerMirror(end).files(in: PowerState(point: 0, keepsBytes: true, keepsNames: true))
    XCTAssertEqual(replayed.keys.sorted(), found.keys.sorted(), file: file, line: line)
    // SQLite writes it as memory, and makes it anew after an end that was none.
    for (path, bytes) in found where !path.hasSuffix("-shm") && replayed[path] != bytes {
      XCTFail("\(path) is not what the record makes of it", file: file, line: line)
    }
  }
}
