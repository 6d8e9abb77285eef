import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Appliance

/// Exchange rates brought in by command, by address and each day, and how old they are.
final class RateCommandsTests: XCTestCase {
  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  private static let table = "Date, USD, JPY, \n27 November 2026, 1.0876, 163.45, \n"

  private func run(_ data: String, _ words: String...) -> (code: Int32, out: String, error: String) {
    let (out, error) = (Text(), Text())
    let code = Commands.run(
      ["admin"] + words, environment: ["WONDER_DATA": data, "WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      console: Console(out: out.add, error: error.add))
    return (code, out.all, error.all)
  }

  private func file(_ text: String) throws -> String {
    let folder = try TemporaryDirectory()
    addTeardownBlock { withExtendedLifetime(folder) {} }
    let path = folder.path + "/eurofxref.csv"
    try FileBytes.write(Array(text.utf8), to: path)
    return path
  }

  private func receiver(_ text: String) throws -> WebhookReceiver {
    let receiver = try WebhookReceiver { _ in .status(200, body: text) }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  func testAFile_IsTakenAndListed_WithoutAServerToo() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let taken = run(data, "rates", "import", try file(RateCommandsTests.table), "--json")
    XCTAssertEqual(taken.code, 0, taken.error)
    XCTAssertEqual(
      taken.out, #"{"rates":2,"pairs":2,"first_day":"2026-11-27","last_day":"2026-11-27"}"# + "\n")
    let listed = run(data, "rates", "list")
    XCTAssertTrue(listed.out.contains("EUR   USD    1.0876  2026-11-27  ECB"), listed.out)
    let one = try file("base,quote,rate,date\nEUR,CHF,0.94,2026-11-27\n")
    let own = run(data, "rates", "import", one, "--source", "Treasury")
    XCTAssertEqual(own.code, 0, own.error)
    XCTAssertTrue(run(data, "rates", "list").out.contains("Treasury"))
  }

  func testOneThatIsWrong_ChangesNothing_AndNamesThePlace() throws {
    let server = try TestServer()
    let bad = try file("Date,USD,JPY\n2026-11-27,1.1,160\n2026-11-26,x,160\n")
    let refused = run(server.dataPath, "rates", "import", bad)
    XCTAssertEqual(refused.code, 1)
    XCTAssertTrue(refused.error.contains("line 3, column 2: \"x\" is no rate"), refused.error)
    XCTAssertEqual(try server.admin("GET", "/rates").json["rates"]?.array?.count, 0)
    XCTAssertEqual(run(server.dataPath, "rates", "import", "/no/such/file").code, 1)
  }

  func testAnAddress_IsFetchedByTheServer_UnderItsGuard() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try receiver(RateCommandsTests.table)
    let taken = run(server.dataPath, "rates", "import", receiver.url, "--json")
    XCTAssertEqual(taken.code, 0, taken.error)
    XCTAssertEqual(try server.admin("GET", "/rates").json["rates"]?.array?.count, 2)
    let other = try TestServer()
    let refused = run(other.dataPath, "rates", "import", receiver.url)
    XCTAssertEqual(refused.code, 1)
    XCTAssertTrue(refused.error.contains("address not allowed"), refused.error)
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testARefusedAddress_SaysWhy() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try WebhookReceiver { _ in .status(404) }
    addTeardownBlock { receiver.close() }
    XCTAssertTrue(run(server.dataPath, "rates", "import", receiver.url).error.contains("status 404"))
  }

  func testTheDailyAddress_IsFetchedAtTheStart() throws {
    let receiver = try receiver(RateCommandsTests.table)
    let address = receiver.url + "?key=canary"
    let server = try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", "WONDER_RATES_URL": address])
    XCTAssertEqual(receiver.wait(for: 1).first?.method, "GET")
    while try server.admin("GET", "/rates").json["daily"]?["fetched_at"]?.string == nil { sched_yield() }
    let listed = try server.admin("GET", "/rates")
    XCTAssertEqual(listed.json["rates"]?.array?.count, 2)
    XCTAssertEqual(listed.json["daily"]?["host"]?.string, "127.0.0.1")
    XCTAssertEqual(listed.json["daily"]?["error"], .null)
    XCTAssertFalse(listed.text.contains("canary"), listed.text)
    XCTAssertEqual(try server.admin("POST", "/rates/fetch").json["imported"]?["rates"]?.integer, 2)
    receiver.close()
    XCTAssertEqual(try server.admin("POST", "/rates/fetch").json["code"]?.string, "unreached_rates")
    XCTAssertNotNil(try server.admin("GET", "/rates").json["daily"]?["error"]?.string)
  }

  func testDoctor_WarnsOfOldRates() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let check = RateCheck(settings: try Settings(flags: ["WONDER_DATA": data]))
    func at(_ day: String) throws -> Timestamp {
      try XCTUnwrap(Moment.read(day, at: Timestamp(milliseconds: 0)))
    }
    XCTAssertNil(try check.finding(at: at("2026-11-28")))
    let asked = try Settings(flags: ["WONDER_DATA": data, "WONDER_RATES_URL": "https://a.example/"])
    XCTAssertEqual(try RateCheck(settings: asked).finding(at: at("2026-11-28"))?.state, .warning)
    XCTAssertEqual(run(data, "rates", "import", try file(RateCommandsTests.table)).code, 0)
    let fresh = try check.finding(at: at("2026-12-01"))
    XCTAssertEqual(fresh?.state, .ok)
    XCTAssertEqual(fresh?.text, "2 pairs of currencies, the newest of 2026-11-27 by ECB")
    XCTAssertEqual(try check.finding(at: at("2026-12-03"))?.state, .warning)
  }
}
