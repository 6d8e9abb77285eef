import Appliance
import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

/// The commands about places that workspaces keep: a secret comes from a file or standard input, and out of nothing.
final class StorageCommandsTests: XCTestCase {
  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  func testAStorage_IsKeptTriedListedAndRemoved_AndItsSecretIsSeenNowhere() throws {
    let log = Text()
    let server = try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      log: Log(least: .debug, write: { log.add(String(decoding: $0, as: UTF8.self)) }))
    let store = try ObjectStore()
    addTeardownBlock { store.receiver.close() }
    var shown = ""
    func run(_ words: String...) -> (code: Int32, out: String) {
      let text = Text()
      let code = Commands.run(
        ["admin"] + words, environment: ["WONDER_DATA": server.dataPath],
        console: Console(out: text.add, error: text.add))
      shown += text.all
      return (code, text.all)
    }
    let file = server.directory.path + "/secret"
    try FileBytes.write(Array((ObjectStore.password + "\n").utf8), to: file)
    let made = run(
      "storage", "set", "api-workspace", "photos", "s3", "--endpoint", store.endpoint, "--bucket", "pictures",
      "--access-key-id", ObjectStore.user, "--secret-file", file, "--json")
    XCTAssertEqual(made.code, 0, made.out)
    XCTAssertEqual(try JSONReader.parse(made.out.utf8)["access_key_id"]?.string, "…MPLE")
    XCTAssertEqual(run("storage", "test", "api-workspace", "photos").code, 0)
    try FileBytes.write(Array("hush-hush".utf8), to: file)
    let ftp = run(
      "storage", "set", "api-workspace", "inbox", "ftp", "--host", "127.0.0.1:1", "--user", "ann", "--tls",
      "--secret-file", file)
    XCTAssertEqual(ftp.code, 0, ftp.out)
    let tried = run("storage", "test", "api-workspace", "inbox")
    XCTAssertEqual(tried.code, 1)
    XCTAssertEqual(tried.out, "could not connect\n")
    let listed = run("storages", "api-workspace")
    XCTAssertNotNil(listed.out.firstMatch(of: /inbox +ftp.*127\.0\.0\.1:1 +true +ann/), listed.out)
    XCTAssertEqual(run("storage", "set", "api-workspace", "x", "s3", "--secret-file", file).code, 1)
    XCTAssertEqual(run("storage", "remove", "api-workspace", "inbox").code, 0)
    XCTAssertEqual(run("storage", "remove", "api-workspace", "inbox").code, 1)
    XCTAssertEqual(run("audit").code, 0)
    XCTAssertTrue(shown.contains("storage.remove"), shown)
    let bundle = server.directory.path + "/bundle.tar"
    XCTAssertEqual(run("diagnostics", bundle).code, 0)
    shown += log.all + String(decoding: try FileBytes.read(bundle, atMost: 1 << 24), as: UTF8.self)
    for secret in [ObjectStore.password, ObjectStore.user, "hush-hush"] {
      XCTAssertFalse(shown.contains(secret), secret)
    }
  }
}
