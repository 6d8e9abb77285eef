import Basics
import TestSupport
import XCTest

/// Amounts of one currency in another, by rates that the operator has brought in.
final class ConvertlyCurrencyTests: XCTestCase {
  private static let rates =
    "base,quote,rate,date,source\nEUR,USD,1.0876,2026-11-27,ECB\nEUR,JPY,163.45,2026-11-27,ECB\n"
    + "EUR,USD,1.2,2026-11-20,ECB\nUSD,MXN,18.25,2026-11-26,Banxico\n"

  private func served(_ settings: [String: String] = [:], rates: String = rates) throws -> TestServer {
    let server = try TestServer(settings: settings)
    let content = Base64.encode(Array(rates.utf8))
    let reply = try server.admin("POST", "/rates", #"{"content":"\#(content)"}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    return server
  }

  private func convert(_ server: TestServer, _ body: String, key: String? = nil) throws -> TestReply {
    try server.client.send(
      "POST", "/api/currency/convert",
      [("Authorization", "Bearer \(key ?? server.key)"), ("Content-Type", "application/json")], body: Array(body.utf8))
  }

  func testARateOfThePair_IsMultipliedBy() throws {
    let reply = try convert(served(), #"{"amount":"100.00","from":"eur","to":"USD","precision":2}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    let id = reply.json["id"]?.string ?? ""
    XCTAssertEqual(id.split(separator: "-").map(\.count), [8, 4, 4, 4, 12])
    XCTAssertEqual(
      reply.text,
      #"{"id":"\#(id)","object":"currency.conversion","from":"EUR","to":"USD","amount":"100.00","convertedAmount":"108.76","#
        + #""precision":2,"rounding":"half-up","ratePath":[{"base":"EUR","quote":"USD","rate":"1.0876","#
        + #""operation":"multiply","asOf":"2026-11-27T00:00:00Z","source":"ECB"}]}"#)
  }

  func testARateOfTheOtherDirection_IsDividedBy_AndAHubIsFound() throws {
    let server = try served()
    let inverse = try convert(server, #"{"amount":"100","from":"USD","to":"EUR"}"#)
    XCTAssertEqual(inverse.json["convertedAmount"]?.string, "91.945568")
    XCTAssertEqual(inverse.json["ratePath"]?[0]?["operation"]?.string, "divide")
    let hub = try convert(server, #"{"amount":"100","from":"USD","to":"JPY","precision":4}"#)
    // 100 / 1.0876 * 163.45, rounded once.
    XCTAssertEqual(hub.json["convertedAmount"]?.string, "15028.5031")
    XCTAssertEqual(hub.json["ratePath"]?.array?.map { $0["operation"]?.string }, ["divide", "multiply"])
    let other = try convert(server, #"{"amount":"1","from":"EUR","to":"MXN","precision":12}"#)
    XCTAssertEqual(other.json["convertedAmount"]?.string, "19.848700000000")
    let same = try convert(server, #"{"amount":"1.005","from":"EUR","to":"EUR","precision":2}"#)
    XCTAssertEqual(same.json["convertedAmount"]?.string, "1.01")
    XCTAssertEqual(same.json["ratePath"]?.array?.count, 0)
  }

  func testNoWay_IsRefusedWith422() throws {
    let server = try served()
    for (from, to) in [("USD", "XAU"), ("XAU", "XAU"), ("JPY", "MXN")] {
      let reply = try convert(server, #"{"amount":"1","from":"\#(from)","to":"\#(to)"}"#)
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertEqual(reply.json["code"]?.string, "no_rate_path")
    }
  }

  func testTheSameKey_GivesTheSameAnswer_AndOtherFieldsWithItAreRefused() throws {
    let server = try served()
    let body = #"{"amount":"5","from":"EUR","to":"USD","idempotencyKey":"order 7"}"#
    let first = try convert(server, body)
    XCTAssertEqual(first.json["id"]?.string, "order 7")
    let later = "base,quote,rate,date\nEUR,USD,2,2026-11-28\n"
    _ = try server.admin("POST", "/rates", #"{"content":"\#(Base64.encode(Array(later.utf8)))"}"#)
    XCTAssertEqual(try convert(server, body).text, first.text)
    let other = try convert(server, #"{"amount":"6","from":"EUR","to":"USD","idempotencyKey":"order 7"}"#)
    XCTAssertEqual(other.status, 422, other.text)
    XCTAssertEqual(
      try convert(server, #"{"amount":"5","from":"EUR","to":"USD"}"#).json["convertedAmount"]?.string, "10.000000")
    XCTAssertEqual(try server.admin("POST", "/workspaces", #"{"slug":"others","plan":"pro"}"#).status, 201)
    let key = try server.admin("POST", "/keys", #"{"workspace":"others"}"#).json["key"]?["key"]?.string
    XCTAssertEqual(try convert(server, body, key: key).json["convertedAmount"]?.string, "10.000000")
  }

  func testANumber_IsTakenAsItStands() throws {
    let server = try served()
    let reply = try convert(server, #"{"amount": 0.10000000000000000001, "from":"EUR","to":"EUR","precision":12}"#)
    XCTAssertEqual(reply.json["amount"]?.string, "0.10000000000000000001", reply.text)
    XCTAssertEqual(try convert(server, #"{"amount":12,"from":"EUR","to":"USD"}"#).json["amount"]?.string, "12")
    XCTAssertEqual(try convert(server, #"{"amount":1e3,"from":"EUR","to":"USD"}"#).status, 400)
  }

  func testWrongFields_AreEachNamed() throws {
    let server = try served()
    let reply = try convert(
      server,
      #"{"amount":"1,5","from":"EURO","precision":13,"idempotencyKey":"\#(String(repeating: "k", count: 129))"}"#)
    XCTAssertEqual(reply.status, 400)
    for name in ["amount", "from", "to", "precision", "idempotencyKey"] {
      XCTAssertTrue(reply.json["error"]?.string?.contains(name) ?? false, "\(name): \(reply.text)")
    }
    XCTAssertEqual(try convert(server, "[1]").status, 400)
    XCTAssertEqual(
      try server.client.send("POST", "/api/currency/convert", body: Array("{}".utf8)).status, 401)
  }

  func testAnExchange_IsToldOnce_AndARepeatedOneNotAgain() throws {
    let server = try served(["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try WebhookReceiver()
    addTeardownBlock { receiver.close() }
    let endpoint = #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"convertly"}"#
    XCTAssertEqual(try server.admin("POST", "/endpoints", endpoint).status, 201)
    let body = #"{"amount":"5","from":"EUR","to":"USD","idempotencyKey":"k"}"#
    let answers = try (0..<2).map { _ in try convert(server, body) }
    XCTAssertEqual(try convert(server, #"{"amount":"1","from":"EUR","to":"JPY"}"#).status, 200)
    let told = receiver.wait(for: 2).sorted { $0.text.count < $1.text.count }
    XCTAssertEqual(told.count, 2)
    for one in told { XCTAssertEqual(one.json["type"]?.string, "currency.conversion.completed") }
    XCTAssertTrue(told.contains { $0.json["data"]?.text == answers[0].json.text })
    XCTAssertEqual(Set(told.map { $0.json["id"]?.string }).count, 2)
    XCTAssertEqual(receiver.requests.count, 2)
  }

  func testTheWayWithTheNewestRates_IsTaken() throws {
    let old = "base,quote,rate,date\nUSD,JPY,1,1999-01-04\nEUR,USD,2,2026-11-27\nEUR,JPY,6,2026-11-27\n"
    let reply = try convert(served(rates: old), #"{"amount":"1","from":"USD","to":"JPY","precision":0}"#)
    XCTAssertEqual(reply.json["convertedAmount"]?.string, "3")
  }
}
