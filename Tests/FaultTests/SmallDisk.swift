import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A namespace with a small file system, kept by a sleeping process; for root only.
final class SmallDisk {
  let keeper: pid_t
  /// The mount point inside the namespace.
  let path: String
  /// The same, seen from the test.
  var outside: String { "/proc/\(keeper)/root\(path)" }
  private let directory: TemporaryDirectory

  init(_ size: String) throws {
    guard geteuid() == 0 else { throw XCTSkip("a mount needs root") }
    let probe = try Shell.run("unshare", "-m", "true")
    guard probe.code == 0 else { throw XCTSkip("no mount namespaces here: \(probe.text)") }
    directory = try TemporaryDirectory()
    path = directory.path
    var ends: [Int32] = [0, 0]
    try check("pipe") { pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let script = "mount -t tmpfs -o size=\(size) none \(path) && echo && exec sleep 1000"
    keeper = try Shell.start(["unshare", "-m", "sh", "-c", script], output: ends[1])
    close(ends[1])
    var byte: UInt8 = 0
    guard read(ends[0], &byte, 1) == 1 else { throw XCTSkip("tmpfs cannot be mounted here") }
  }

  deinit {
    kill(keeper, SIGKILL)
    _ = Shell.wait(for: keeper)
  }

  /// Words in front of a program that let it run inside.
  var wrapper: [String] { ["nsenter", "-t", String(keeper), "-m", "--"] }

  /// Writes a file until nothing more fits.
  func fill() throws {
    let filler = outside + "/filler"
    let descriptor = try check("open", filler) { open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
    defer { close(descriptor) }
    for size in [1 << 20, 4096, 1] {
      let bytes = [UInt8](repeating: 1, count: size)
      while bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, size) }) == size {}
    }
  }

  /// Writes a file until only so much is free; one that is there is written anew.
  func fill(leaving free: Int64) throws {
    empty()
    let filler = outside + "/filler"
    let descriptor = try check("open", filler) { open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
    defer { close(descriptor) }
    let size = try XCTUnwrap(DiskSpace(at: outside)).free - free
    XCTAssertEqual(posix_fallocate(descriptor, 0, Int(size)), 0)
  }

  /// Puts a data directory there that was made outside.
  func take(_ data: String) throws {
    let result = try Shell.run("cp", "-a", data, outside + "/data")
    XCTAssertEqual(result.code, 0, result.text)
  }

  /// A customer of a fresh data directory; SQLite cannot be led into the namespace from outside.
  func makeClient() throws -> Client {
    let words = ["quickstart", "--plan", "enterprise", "--key-only", "--data", path + "/data"]
    let result = try Shell.run(wrapper + [BuiltProgram.path] + words)
    XCTAssertEqual(result.code, 0, result.text)
    return Client(key: String(result.text.dropLast()))
  }

  /// A copy of the data directory outside, for a look at it.
  func copy() throws -> (directory: TemporaryDirectory, path: String) {
    let target = try TemporaryDirectory()
    let result = try Shell.run("cp", "-a", outside + "/data", target.path + "/data")
    XCTAssertEqual(result.code, 0, result.text)
    return (target, target.path + "/data")
  }

  func empty() { unlink(outside + "/filler") }
}
