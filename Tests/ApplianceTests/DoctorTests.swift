import Appliance
import Basics
import Formats
import Conversion
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// What the doctor says of a sound appliance, and of one with something broken.
final class DoctorTests: XCTestCase {
  private func examine(_ data: String, _ environment: [String: String] = [:]) throws -> (
    code: Int32, states: [String: String], texts: [String: String]
  ) {
    let out = Mutex("")
    let console = Console(out: { line in out.withLock { $0 += line } }, error: { _ in })
    let values = ["WONDER_DATA": data, "WONDER_LISTEN": "127.0.0.1:0", "WONDER_ENGINES": "none"].merging(environment) {
      $1
    }
    let code = Commands.run(["doctor", "--json"], environment: values, console: console)
    let rows = try JSONReader.parse(out.withLock { $0 }.utf8).array ?? []
    func pairs(_ member: String) -> [String: String] {
      Dictionary(rows.map { ($0["name"]?.string ?? "", $0[member]?.string ?? "") }) { $1 }
    }
    return (code, pairs("state"), pairs("text"))
  }

  func testDoctor_OfARunningServer_AsksItAndFindsNothingBroken() throws {
    let server = try TestServer()
    let found = try examine(server.dataPath)
    XCTAssertEqual(found.code, 0)
    XCTAssertEqual(found.texts["server"], "running on 127.0.0.1:\(server.client.port), version 0.1.0")
    for name in ["data directory", "database", "server", "png", "jpeg"] {
      XCTAssertEqual(found.states[name], "ok", name)
    }
    XCTAssertTrue(found.texts["sandbox"]?.contains("seccomp") ?? false)
  }

  func testDoctor_CountsStoredFiles_AndMissesThoseThatAreGone() throws {
    let server = try TestServer()
    XCTAssertNil(try examine(server.dataPath).states["stored files"])
    let form = MultipartForm().file("file", "a.txt", [1, 2, 3]).file("file", "b.txt", [1, 2, 3])
    let added = try server.client.send(
      "POST", "/api/files", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(added.status, 201, added.text)
    XCTAssertTrue(try examine(server.dataPath).texts["stored files"]?.hasPrefix("2, ") ?? false)
    let name = try XCTUnwrap(server.files().first)
    XCTAssertEqual(unlink("\(server.dataPath)/files/\(name.prefix(2))/\(name)"), 0)
    let found = try examine(server.dataPath)
    XCTAssertEqual(found.states["stored files"], "broken")
    XCTAssertTrue(found.texts["stored files"]?.hasPrefix("1 of 2 are gone") ?? false)
    XCTAssertEqual(try server.admin("POST", "/check").json["check"]?["missing_files"]?.array?.count ?? 1, 1)
  }

  func testDoctor_OfAWeakerSandbox_NamesWhatIsMissing() throws {
    let server = try TestServer(masked: [.landlock])
    let found = try examine(server.dataPath)
    XCTAssertEqual(found.code, 0)
    XCTAssertEqual(found.states["sandbox"], "warning")
    XCTAssertTrue(found.texts["sandbox"]?.contains("lacks landlock") ?? false, found.texts["sandbox"] ?? "")
  }

  func testServe_WithLessSandboxThanRequired_Refuses() throws {
    for (setting, masked) in [("require-full", SandboxLayer.landlock), ("require-basic", .systemCalls)] {
      XCTAssertThrowsError(try TestServer(settings: ["WONDER_SANDBOX": setting], masked: [masked])) { error in
        XCTAssertTrue("\(error)".contains("\(setting) cannot be had"), "\(error)")
        XCTAssertTrue("\(error)".contains("lacks \(masked.rawValue)"), "\(error)")
      }
    }
    _ = try TestServer(settings: ["WONDER_SANDBOX": "require-basic"], masked: [.landlock])
  }

  func testDoctor_SaysWhatTheTargetSettingsOpen() throws {
    let directory = try TemporaryDirectory()
    // Both in one examination, for each tries every format.
    for (targets, ports) in [
      (("10.0.0.0/8", "ok", "10.0.0.0/8"), ("80,443", "ok", "80,443")),
      (("127.0.0.1", "warning", "this machine itself"), ("1-65535", "warning", "22 (SSH), 25 (mail)")),
      (("0.0.0.0/0", "warning", "instance metadata"), ("443", "warning", "leaves out 80")),
    ] {
      let found = try examine(
        directory.path + "/none", ["WONDER_ALLOW_PRIVATE_TARGETS": targets.0, "WONDER_TARGET_PORTS": ports.0])
      for (name, (value, state, words)) in [("private targets", targets), ("target ports", ports)] {
        XCTAssertEqual(found.states[name], state, "\(name) \(value)")
        XCTAssertTrue(found.texts[name]?.contains(words) ?? false, found.texts[name] ?? "")
      }
    }
    let usual = try examine(directory.path + "/none")
    XCTAssertNil(usual.states["private targets"])
    XCTAssertNil(usual.states["target ports"])
  }

  func testDoctor_OfATakenPort_SaysSo() throws {
    let server = try TestServer()
    let directory = try TemporaryDirectory()
    let found = try examine(directory.path, ["WONDER_LISTEN": "127.0.0.1:\(server.client.port)"])
    XCTAssertEqual(found.code, 1)
    XCTAssertEqual(found.states["server"], "broken")
    withExtendedLifetime(server) {}
  }

  func testDoctor_OfADamagedDatabase_SaysSoAndChangesNothing() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    var bytes = try FileBytes.read(data + "/wonder.db", atMost: 1 << 24)
    for page in stride(from: 4096 * 3, to: bytes.count, by: 4096) { bytes[page] ^= 0xFF }
    unlink(data + "/wonder.db")
    try FileBytes.write(bytes, to: data + "/wonder.db")
    let found = try examine(data)
    XCTAssertEqual(found.code, 1)
    XCTAssertEqual(found.states["database"], "broken")
    XCTAssertEqual(try FileBytes.read(data + "/wonder.db", atMost: 1 << 24), bytes)
  }
}
