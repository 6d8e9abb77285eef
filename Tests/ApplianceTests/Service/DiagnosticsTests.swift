import Appliance
import Basics
import Foundation
import Storage
import Synchronization
import TestSupport
import XCTest

/// The support bundle: everything that helps, and not one secret.
final class DiagnosticsTests: XCTestCase {
  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  private func run(_ server: TestServer, _ words: [String], _ settings: [String: String] = [:]) -> (Int32, String) {
    let out = Text()
    let console = Console(out: out.add, error: { _ in })
    let environment = settings.merging(["WONDER_DATA": server.dataPath]) { $1 }
    return (Commands.run(words, environment: environment, console: console), String(out.all.dropLast()))
  }

  func testBundle_HoldsNoSecret() throws {
    let secrets = [
      "WONDER_METRICS_TOKEN": "metrics-canary", "WONDER_SMTP_URL": "smtp://mailer:smtp-canary@127.0.0.1:2525",
      "WONDER_RATES_URL": "https://rates-canary@rates.example",
    ]
    let server = try TestServer(settings: secrets)
    var known = [server.key, "metrics-canary", "smtp-canary", "rates-canary", "whsec_test", "file-name-canary"]
    known.append(run(server, ["admin", "key", "issue", "api-workspace"]).1)
    let hook = "https://hook-canary.example/in?token=url-canary"
    known.append(run(server, ["admin", "endpoint", "add", "api-workspace", hook]).1)
    known += ["hook-canary", "url-canary"]
    let setup = run(server, ["admin", "setup-link"]).1
    known.append(String(setup.split(separator: "=").last ?? ""))
    let user = run(server, ["admin", "user", "add", "person-canary@example.com", "--role", "admin"]).1
    known += [String(user.split(separator: "=").last ?? ""), "person-canary"]
    let broken = MultipartForm.conversion().file(
      "files[]", "file-name-canary.png", Array(SamplePictures.photo.prefix(900)))
    _ = try server.ended(server.submit(broken).json["request_id"]?.string ?? "")
    let secretKey = try FileBytes.read(server.dataPath + "/secret.key", atMost: 4096)

    let path = server.directory.path + "/bundle.tar"
    let (code, listed) = run(server, ["admin", "diagnostics", path], secrets)
    XCTAssertEqual(code, 0)
    XCTAssertFalse(listed.contains(".missing"), listed)
    let bundle = try FileBytes.read(path, atMost: 1 << 24)
    let text = String(decoding: bundle, as: UTF8.self)
    for secret in known {
      XCTAssertGreaterThan(secret.utf8.count, 5, "no secret was made")
      XCTAssertFalse(text.contains(secret), "the bundle has \(secret)")
    }
    XCTAssertNil(bundle.firstRange(of: secretKey))
    XCTAssertFalse(text.contains(secretKey.map { String(format: "%02x", $0) }.joined()))

    var facts = stat()
    XCTAssertEqual(stat(path, &facts), 0)
    XCTAssertEqual(facts.st_mode & 0o777, 0o600)
    for part in ["wonder 0.1.0", "wonder_jobs_finished_total", "png to jpg", "\"sandbox\"", "WONDER_MAX_UPLOAD"] {
      XCTAssertTrue(text.contains(part), part)
    }
    XCTAssertEqual(try Shell.run("tar", "-tf", path).text.split(separator: "\n").count, 9)
  }

  func testBundle_WithoutAServer_HasWhatCanBeHad() throws {
    let directory = try TemporaryDirectory()
    _ = try TestServer.issueKey(data: directory.path + "/data", workspace: "w", plan: "pro")
    let out = Text()
    let console = Console(out: out.add, error: { _ in })
    let path = directory.path + "/bundle.tar"
    let environment = ["WONDER_DATA": directory.path + "/data", "WONDER_LISTEN": "127.0.0.1:0"]
    XCTAssertEqual(Commands.run(["admin", "diagnostics", path], environment: environment, console: console), 0)
    XCTAssertTrue(out.all.contains("metrics.txt.missing"), out.all)
    XCTAssertTrue(out.all.contains("stats.json,"), out.all)
  }
}
