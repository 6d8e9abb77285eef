import Appliance
import Basics
import Foundation
import Glibc
import TestSupport
import XCTest

/// Commands that look for the data directory: they make none that nobody named, and pass over no settings file.
final class DataPlaceTests: XCTestCase {
  private func run(
    in folder: String, _ words: [String], environment: [String: String] = [:], user: String? = nil
  ) throws -> (code: Int32, text: String) {
    let command =
      (user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []) + [BuiltProgram.path]
    let quoted = (command + words).map { "'\($0)'" }.joined(separator: " ")
    let settings = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    let clean = "env -i PATH=/usr/bin:/bin WONDER_ENGINES=none"
    let result = try Shell.run("sh", "-c", "cd '\(folder)' && exec \(clean) \(settings) \(quoted)")
    try XCTSkipIf(user != nil && result.code == 126, "user \(user ?? "") cannot run the built program")
    return (result.code, result.text)
  }

  func testCommandsThatLook_MakeNoDirectory() throws {
    let folder = try TemporaryDirectory()
    for words in [
      ["admin", "stats"], ["admin", "jobs"], ["quickstart"], ["admin", "setup-link"], ["admin", "check"],
    ] {
      let result = try run(in: folder.path, words)
      XCTAssertEqual(result.code, 1, result.text)
      XCTAssertTrue(
        result.text.contains("there is no data directory at ./wonder-data; name it with --data DIR"), result.text)
    }
    _ = try run(in: folder.path, ["doctor"])
    XCTAssertNotEqual(access(folder.path + "/wonder-data", F_OK), 0)
    // One that is named is made, whichever way it is named.
    XCTAssertEqual(try run(in: folder.path, ["quickstart", "--data", "a"]).code, 0)
    XCTAssertEqual(try run(in: folder.path, ["quickstart"], environment: ["WONDER_DATA": "b"]).code, 0)
    try Data("WONDER_DATA=c\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/w.conf"))
    XCTAssertEqual(try run(in: folder.path, ["quickstart", "--config", "w.conf"]).code, 0)
  }

  func testSettingsFileThatCannotBeRead_IsNamed() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can act as somebody else")
    let folder = try TemporaryDirectory()
    chmod(folder.path, 0o755)
    mkdir(folder.path + "/wonder", 0o755)
    // Another test may have set the mask.
    chmod(folder.path + "/wonder", 0o755)
    let file = folder.path + "/wonder/wonder.conf"
    try Data("WONDER_DATA=/somewhere\n".utf8).write(to: URL(fileURLWithPath: file))
    chmod(file, 0o600)
    let environment = ["XDG_CONFIG_HOME": folder.path]
    for words in [["admin", "stats"], ["quickstart"], ["serve"], ["doctor"]] {
      let result = try run(in: folder.path, words, environment: environment, user: "65534")
      XCTAssertEqual(result.code, 1, result.text)
      XCTAssertTrue(result.text.contains("\(file) may say where the data directory is"), result.text)
      XCTAssertTrue(result.text.contains("sudo"), result.text)
    }
    let other = try run(in: folder.path, ["formats"], environment: environment, user: "65534")
    XCTAssertEqual(other.code, 0)
    XCTAssertTrue(
      other.text.contains("\(file) cannot be read by this user, so what it sets does not count"), other.text)
  }

  func testAHomeOfSomebodyElse_SaysNothing() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can act as somebody else")
    let folder = try TemporaryDirectory()
    mkdir(folder.path + "/home", 0o700)
    chmod(folder.path, 0o755)
    let result = try run(
      in: folder.path, ["version"], environment: ["HOME": folder.path + "/home"], user: "65534")
    XCTAssertEqual(result.code, 0)
    XCTAssertFalse(result.text.contains("cannot be read"), result.text)
  }

  func testUnknownVariable_IsAWarningAndTheCommandGoesOn() throws {
    let folder = try TemporaryDirectory()
    let result = try run(
      in: folder.path, ["formats"], environment: ["WONDER_LISTN": "x", "WONDER_PORT": "tcp://1.2.3.4:80"])
    XCTAssertEqual(result.code, 0)
    XCTAssertTrue(result.text.contains("unknown setting WONDER_LISTN; did you mean WONDER_LISTEN?"), result.text)
    XCTAssertFalse(result.text.contains("WONDER_PORT"), result.text)
  }
}
