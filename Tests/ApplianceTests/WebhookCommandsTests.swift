import Appliance
import Basics
import Synchronization
import TestSupport
import XCTest

/// The webhook commands over a running server and a real receiver; no listing ever shows a secret.
final class WebhookCommandsTests: XCTestCase {
  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  private func run(_ server: TestServer, _ words: String...) -> (code: Int32, out: String, error: String) {
    let (out, error) = (Text(), Text())
    let console = Console(out: out.add, error: error.add)
    let code = Commands.run(
      ["admin"] + words, environment: ["WONDER_DATA": server.dataPath], console: console)
    return (code, out.all, error.all)
  }

  func testEndpoint_IsAddedTestedRotatedAndRemoved() throws {
    let log = Text()
    let server = try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      log: Log(least: .debug, write: { log.add(String(decoding: $0, as: UTF8.self)) }))
    let receiver = try WebhookReceiver()
    addTeardownBlock { receiver.close() }
    let added = run(
      server, "endpoint", "add", "api-workspace", receiver.url, "--events", "conversion.failed,conversion.completed",
      "--json")
    XCTAssertEqual(added.code, 0, added.error)
    let made = try JSONReader.parse(added.out.utf8)
    let secret = try XCTUnwrap(made["secret"]?.string)
    XCTAssertNotNil(secret.wholeMatch(of: /whsec_[A-Za-z0-9+\/]{43}=/))
    XCTAssertEqual(made["events"]?.text, #"["conversion.completed","conversion.failed"]"#)
    let id = "\(made["id"]?.integer ?? 0)"

    let tried = run(server, "endpoint", "test", id)
    XCTAssertEqual(tried.code, 0)
    XCTAssertNotNil(tried.out.firstMatch(of: /delivered \(status 200, \d+ ms\)/), tried.out)
    let sample = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertEqual(sample.json["type"]?.string, "conversion.completed")
    XCTAssertTrue(sample["webhook-id"]?.hasPrefix("evt_test_") ?? false)

    let rotated = run(server, "endpoint", "rotate-secret", id)
    XCTAssertNotNil(rotated.out.wholeMatch(of: /whsec_[A-Za-z0-9+\/]{43}=\n/), rotated.out)
    XCTAssertEqual(run(server, "endpoint", "test", id).code, 0)
    XCTAssertEqual(receiver.wait(for: 2).last?["webhook-signature"]?.split(separator: " ").count, 2)

    for list in [
      run(server, "endpoints", "--json"), run(server, "endpoints"), run(server, "deliveries", "--json"),
      run(server, "deliveries"), run(server, "deliveries", "--endpoint", id, "--status", "delivered"),
      run(server, "delivery", "show", "1", "--json"),
    ] {
      XCTAssertEqual(list.code, 0, list.error)
      XCTAssertFalse(list.out.contains("whsec_"), list.out)
    }
    XCTAssertTrue(run(server, "endpoint", "disable", id).out.contains("disabled"))
    XCTAssertTrue(run(server, "endpoint", "enable", id).out.contains("enabled"))
    XCTAssertEqual(run(server, "endpoint", "remove", id).code, 0)
    XCTAssertEqual(run(server, "endpoints", "--json").out, "[]\n")
    XCTAssertFalse(log.all.contains("whsec_"))
    XCTAssertFalse(log.all.contains(secret.dropFirst(6)))
  }

  func testEndpointTest_ThatIsNotTaken_SaysWhyAndEndsWithOne() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try WebhookReceiver { _ in .status(503) }
    addTeardownBlock { receiver.close() }
    for (url, words) in [
      (receiver.url, "answered with status 503"), ("http://10.0.0.1/", "WONDER_ALLOW_PRIVATE_TARGETS"),
    ] {
      let added = run(server, "endpoint", "add", "api-workspace", url, "--json")
      let id = "\(try JSONReader.parse(added.out.utf8)["id"]?.integer ?? 0)"
      let tried = run(server, "endpoint", "test", id)
      XCTAssertEqual(tried.code, 1)
      XCTAssertTrue(tried.out.contains("not delivered") && tried.out.contains(words), tried.out)
    }
  }

  func testEndpointTest_WithoutAServer_Waits() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let (out, error) = (Text(), Text())
    for words in [["endpoint", "add", "w", "http://a.example/"], ["endpoint", "test", "1"]] {
      let code = Commands.run(
        ["admin"] + words, environment: ["WONDER_DATA": data], console: Console(out: out.add, error: error.add))
      XCTAssertEqual(code, 0, error.all)
    }
    XCTAssertTrue(out.all.contains("sent when the server runs"), out.all)
  }

  func testMistakes_NameTheValidValues() throws {
    let server = try TestServer()
    let url = "https://a.example/"
    for (words, text) in [
      (["endpoint", "add", "nobody", url], "no such workspace"),
      (["endpoint", "add", "api-workspace", "ftp://a.example/"], "http:// or https://"),
      (["endpoint", "add", "api-workspace", url, "--style", "enconvert"], "wonder, convertly, koalapic, standard"),
      (["endpoint", "add", "api-workspace", url, "--events", "job.done"], "conversion.completed"),
      (["endpoint", "add", "api-workspace", url, "--style", "wonder", "--events", "file.uploaded"], "is no event"),
      (["endpoint", "add", "api-workspace", url, "--events", ","], "name at least one"),
      (["deliveries", "--status", "late"], "waiting, delivered, failed"), (["endpoint", "test", "9"], "no endpoint"),
      (["replay-job-webhook", "req_none"], "no such job"), (["replay-failed-webhooks", "--limit", "x"], "1 to 1000"),
    ] {
      let (out, error) = (Text(), Text())
      let code = Commands.run(
        ["admin"] + words, environment: ["WONDER_DATA": server.dataPath],
        console: Console(out: out.add, error: error.add))
      XCTAssertEqual(code, error.all.contains("must be one of") ? 2 : 1, "\(words)")
      XCTAssertTrue(error.all.contains(text), error.all)
    }
  }
}
