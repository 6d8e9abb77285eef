import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// A data directory that belongs to somebody else, as volumes of Kubernetes, OpenShift and network shares do: whoever can write
/// it can serve from it.
final class ForeignDirectoryTests: XCTestCase {
  private static let user: UInt32 = 54_321

  /// An empty directory of another user, and who is to serve from it.
  private struct Place {
    let name: String
    let owner: UInt32
    let group: UInt32
    let mode: UInt32
    let account: [String]
  }

  private static let places = [
    Place(
      name: "OpenShift's random user, in the group root", owner: 0, group: 0, mode: 0o775,
      account: ["--reuid=54321", "--regid=0", "--clear-groups"]),
    Place(
      name: "a pod with an fsGroup", owner: 0, group: 2000, mode: 0o2775,
      account: ["--reuid=54321", "--regid=54321", "--groups=2000"]),
    Place(
      name: "an fsGroup without its bit", owner: 0, group: 2000, mode: 0o770,
      account: ["--reuid=54321", "--regid=54321", "--groups=2000"]),
    Place(
      name: "a share for everybody", owner: 1000, group: 1000, mode: 0o777,
      account: ["--reuid=54321", "--regid=54321", "--clear-groups"]),
    Place(
      name: "a sticky one", owner: 0, group: 0, mode: 0o1777,
      account: ["--reuid=54321", "--regid=54321", "--clear-groups"]),
  ]

  override func setUpWithError() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can become somebody else")
  }

  private func make(_ place: Place, in directory: TemporaryDirectory) throws -> String {
    chmod(directory.path, 0o755)
    let data = directory.path + "/data"
    mkdir(data, 0o700)
    try check("chown", data) { chown(data, place.owner, place.group) }
    // Last, for a change of the owner takes bits away.
    try check("chmod", data) { chmod(data, place.mode) }
    return data
  }

  private func wonder(_ account: [String], _ words: [String]) throws -> Shell.Result {
    try Shell.run(
      (account.isEmpty ? [] : ["setpriv"] + account) + [BuiltProgram.path] + words,
      environment: ["HOME": "/"])
  }

  /// What is not the user's own, or open to others.
  private func strangers(in data: String) throws -> [String] {
    let found = try Shell.run(
      "find", data, "-mindepth", "1", "(", "-not", "-uid", String(Self.user), "-o", "-perm", "/077", ")")
    return found.text.split(separator: "\n").map(String.init)
  }

  func testDirectoryOfSomebodyElse_ThatCanBeWritten_IsServedWithAWarning() throws {
    for place in Self.places {
      let directory = try TemporaryDirectory()
      let data = try make(place, in: directory)
      let made = try wonder(place.account, ["quickstart", "--plan", "enterprise", "--key-only", "--data", data])
      try XCTSkipIf(made.code == 126, "another user cannot run the built program")
      XCTAssertEqual(made.code, 0, "\(place.name): \(made.text)")
      let client = Client(key: String(made.text.dropLast()))
      for round in 1...2 {
        let log = directory.path + "/log\(round)"
        let server = try ServedProgram(
          data: data, environment: ["HOME": "/"], wrapper: ["setpriv"] + place.account, log: log)
        let id = try XCTUnwrap(Client.accepted(client.submit(to: server)), place.name)
        XCTAssertEqual(try client.end(of: id, at: server).status, "completed", place.name)
        let doctor = try wonder(place.account, ["doctor", "--data", data])
        XCTAssertTrue(doctor.text.contains("open to others"), "\(place.name): \(doctor.text)")
        XCTAssertEqual(server.end(round == 1 ? SIGKILL : SIGTERM), round == 1 ? 128 + SIGKILL : 0)
        let lines = String(decoding: try FileBytes.read(log, atMost: 1 << 20), as: UTF8.self)
        XCTAssertTrue(lines.contains("others may enter the data directory"), "\(place.name): \(lines)")
      }
      XCTAssertEqual(try strangers(in: data), [], place.name)
      // Nothing that root does becomes root's.
      for words in [["admin", "stats"], ["admin", "check"], ["admin", "backup", directory.path + "/b.tar"]] {
        let result = try wonder([], words + ["--data", data])
        XCTAssertEqual(result.code, 0, "\(place.name): \(result.text)")
      }
      let server = try ServedProgram(data: data)
      XCTAssertNotNil(Client.accepted(client.submit(to: server)), place.name)
      XCTAssertEqual(server.end(SIGTERM), 0, place.name)
      XCTAssertEqual(try strangers(in: data), [], place.name)
      var facts = stat()
      XCTAssertEqual(stat(data, &facts), 0)
      XCTAssertEqual(facts.st_mode & 0o7777, place.mode, place.name)
    }
  }

  func testDirectoryThatCannotBeWritten_IsRefusedInASentence() throws {
    for (owner, mode) in [(0, 0o755), (0, 0o700), (1000, 0o750)] as [(UInt32, UInt32)] {
      let directory = try TemporaryDirectory()
      let account = ["--reuid=54321", "--regid=54321", "--clear-groups"]
      let place = Place(name: "", owner: owner, group: owner, mode: mode, account: account)
      let data = try make(place, in: directory)
      for path in [data, data + "/below"] {
        let result = try wonder(account, ["serve", "--data", path, "--listen", "127.0.0.1:0"])
        try XCTSkipIf(result.code == 126, "another user cannot run the built program")
        XCTAssertEqual(result.code, 1, result.text)
        XCTAssertTrue(result.text.contains("the data directory \(path) cannot be used by this user"), result.text)
        XCTAssertTrue(result.text.contains("Permission denied"), result.text)
        XCTAssertFalse(result.text.contains("mounted"), result.text)
      }
    }
  }

  func testShareOnWhichNoModeCanBeChanged_IsServed() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    for code in [EPERM, EOPNOTSUPP, EACCES] {
      let directory = try TemporaryDirectory()
      let data = directory.path + "/data"
      let client = try Client(data: data)
      chmod(data, 0o755)
      let log = directory.path + "/log"
      let server = try ServedProgram(
        data: data, environment: shim.environment(data, calls: "chmod", code: code, at: -1), log: log)
      let id = try XCTUnwrap(Client.accepted(client.submit(to: server)))
      XCTAssertEqual(try client.end(of: id, at: server).status, "completed")
      XCTAssertEqual(server.end(SIGTERM), 0)
      let lines = String(decoding: try FileBytes.read(log, atMost: 1 << 20), as: UTF8.self)
      XCTAssertTrue(lines.contains("others may enter the data directory"), lines)
    }
  }

  /// Root of a container, from which the right to become somebody else was taken.
  func testRootThatMayBecomeNobody_ServesAsItIs() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    for name in [""] + (try FileTree.names(in: data)) { chown(data + "/" + name, Self.user, Self.user) }
    for taken in ["-setuid,-setgid", "-setuid", "-setgid"] {
      let server = try ServedProgram(
        data: data, wrapper: ["setpriv", "--bounding-set=\(taken)", "--inh-caps=\(taken)"],
        log: directory.path + "/log")
      XCTAssertNotNil(Client.accepted(client.submit(to: server)), taken)
      XCTAssertEqual(server.end(SIGTERM), 0, taken)
    }
  }

  func testPlaceWhereNoDirectoryCanBeMade_IsRefusedInASentence() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file("file", [1])
    for (path, words) in [
      (directory.path + "/no/where", "make the folder that it is to be in"), (file, "name a directory with --data"),
      (file + "/below", "name a directory with --data"),
    ] {
      for command in [["serve", "--listen", "127.0.0.1:0"], ["admin", "stats"]] {
        let result = try wonder([], command + ["--data", path])
        XCTAssertEqual(result.code, 1, result.text)
        XCTAssertTrue(result.text.contains("the data directory \(path) cannot be used"), result.text)
        XCTAssertTrue(result.text.contains(words), result.text)
      }
    }
  }

  func testPartThatIsSomebodyElses_IsNamedWithWhatMendsIt() throws {
    let account = ["--reuid=54321", "--regid=54321", "--clear-groups"]
    for part in ["lock", "wonder.db", "wonder.db-wal", "secret.key", "spool"] {
      let directory = try TemporaryDirectory()
      chmod(directory.path, 0o755)
      let data = directory.path + "/data"
      _ = try Client(data: data)
      XCTAssertTrue(FileManager.default.createFile(atPath: data + "/wonder.db-wal", contents: nil))
      for name in [""] + (try FileManager.default.subpathsOfDirectory(atPath: data)) {
        chown(data + "/" + name, Self.user, Self.user)
      }
      chown(data + "/" + part, 0, 0)
      chmod(data + "/" + part, part == "spool" ? 0o700 : 0o600)
      let result = try wonder(account, ["serve", "--data", data, "--listen", "127.0.0.1:0"])
      try XCTSkipIf(result.code == 126, "another user cannot run the built program")
      XCTAssertEqual(result.code, 1, "\(part): \(result.text)")
      XCTAssertTrue(result.text.contains("chown -R 54321 \(data)"), "\(part): \(result.text)")
    }
  }

  func testCommandOfSomebodyElse_IsToldToUseSudo() throws {
    let directory = try TemporaryDirectory()
    chmod(directory.path, 0o755)
    let data = directory.path + "/data"
    let server = try ServedProgram(data: data)
    let result = try wonder(["--reuid=54321", "--regid=54321", "--clear-groups"], ["admin", "stats", "--data", data])
    try XCTSkipIf(result.code == 126, "another user cannot run the built program")
    XCTAssertEqual(result.code, 1)
    XCTAssertTrue(result.text.contains("Permission denied; run this with sudo"), result.text)
    XCTAssertEqual(server.end(SIGTERM), 0)
  }
}
