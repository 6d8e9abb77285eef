import Basics
import TestSupport
import XCTest

/// What api2convert's API has beside jobs: callbacks, the catalogue, presets, figures.
final class Api2ConvertOthersTests: XCTestCase {
  private typealias Client = Api2ConvertClient

  private func receiver(_ answer: WebhookReceiver.Answer = .status(200)) throws -> WebhookReceiver {
    let receiver = try WebhookReceiver { _ in answer }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  func testTheCallback_IsTheJobAsItIs_OnceAtItsEnd() throws {
    let client = Client(server: try TestServer(settings: Client.loopback))
    let receiver = try receiver()
    let body = #"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}],"callback":"\#(receiver.url)"}"#
    let id = try client.create(body)["id"]?.string ?? ""
    let told = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertEqual(told.json, try client.job(id))
    XCTAssertEqual(told["content-type"], "application/json")
    XCTAssertEqual(told["user-agent"], "API2Convert API v2 Client (https://api.api2convert.com)")
    XCTAssertNil(told[exact: "X-Oc-Signature"])
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testTheCallback_IsSignedWhereTheOperatorSaysSo_AlsoWhenItIsSetLater() throws {
    let settings = Client.loopback.merging(["WONDER_SIGNED_CALLBACKS": "api2convert"]) { $1 }
    let client = Client(server: try TestServer(settings: settings))
    for isLater in [false, true] {
      let receiver = try receiver()
      let callback = #""callback":"\#(receiver.url)""#
      let id =
        try client.create(
          #"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}],\#(isLater ? #""process":false"# : callback)}"#
        )[
          "id"]?.string ?? ""
      if isLater {
        XCTAssertEqual(try client.send("PATCH", "/v2/jobs/\(id)", "{\(callback),\"process\":true}").status, 200)
      }
      let told = try XCTUnwrap(receiver.wait(for: 1).first)
      let code = Hexadecimal.encode(HMAC(key: Array("whsec_test".utf8)).code(for: told.body))
      XCTAssertEqual(told[exact: "X-Oc-Signature"], code)
    }
  }

  func testNotifyStatus_TellsOfEveryChange_AlsoWhenItIsSetLater() throws {
    let client = Client(server: try TestServer(settings: Client.loopback))
    let receiver = try receiver()
    let job = try client.create(#"{"conversion":[{"target":"jpg"}],"process":false}"#)
    try client.upload(job)
    let change = #"{"process":true,"notify_status":true,"callback":"\#(receiver.url)"}"#
    XCTAssertEqual(try client.send("PATCH", "/v2/jobs/\(job["id"]?.string ?? "")", change).status, 200)
    let codes = receiver.wait(for: 3).compactMap { $0.json["status"]?["code"]?.string }
    XCTAssertEqual(Set(codes), ["processing", "completed"])
  }

  func testTheCatalogue_HasEachTargetWithItsOptions_AndEnds() throws {
    let client = Client(server: try TestServer())
    let found = try client.send("GET", "/v2/conversions?target=jpg&category=image", "", [])
    XCTAssertEqual(found.status, 200, found.text)
    let options = found.json[0]?["options"]
    XCTAssertEqual(options?["quality"]?["type"]?.string, "integer")
    XCTAssertEqual(options?["quality"]?["maximum"]?.integer, 100)
    XCTAssertEqual(options?["resize_handling"]?["default"]?.string, "keep_aspect_ratio")
    XCTAssertEqual(options?["color"]?["enum"]?.array?.compactMap(\.string), ["colored", "gray"])
    XCTAssertEqual(try client.send("GET", "/v2/conversions?category=operation", "", []).json.array?.count, 5)
    XCTAssertEqual(try client.send("GET", "/v2/conversions?page=99", "", []).json, .array([]))
    var page = 1
    var rows: [JSONValue] = []
    while let next = try client.send("GET", "/v2/conversions?page=\(page)", "", []).json.array, !next.isEmpty {
      rows += next
      page += 1
    }
    XCTAssertEqual(Set(rows.compactMap { $0["id"]?.string }).count, rows.count)
  }

  func testPresets_KeepTheVendorsWords_AndServeJobs() throws {
    let client = Client(server: try TestServer())
    let made = try client.send(
      "POST", "/v2/presets",
      #"{"name":"Small one","target":"jpg","category":"image","scope":"private","options":{"width":20}}"#)
    XCTAssertEqual(made.status, 201, made.text)
    let id = made.json["id"]?.string ?? ""
    XCTAssertEqual(made.json["name"]?.string, "Small one")
    XCTAssertEqual(try client.send("GET", "/presets?target=jpg&filter=private").json.array?.count, 1)
    XCTAssertEqual(try client.send("GET", "/v2/presets?target=png").json, .array([]))
    XCTAssertEqual(try client.send("PATCH", "/v2/presets/\(id)", #"{"options":{"width":24}}"#).status, 200)
    let outputs = try client.outputs(
      of: #"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg","options":{"preset":"\#(id)"}}]}"#)
    XCTAssertEqual(outputs[0]["metadata"]?["width"]?.integer, 24)
    XCTAssertEqual(try client.send("POST", "/v2/presets", #"{"name":"x"}"#).status, 400)
    XCTAssertEqual(try client.send("DELETE", "/v2/presets/\(id)").status, 204)
    XCTAssertEqual(try client.send("GET", "/v2/presets/\(id)").status, 404)
  }

  func testPresets_AreFoundByPhrasesOfTheirNames() throws {
    let client = Client(server: try TestServer())
    for (name, scope) in [("Small one", "private"), ("Große Bilder", "public"), ("Private use", "public")] {
      let made = try client.send("POST", "/v2/presets", #"{"name":"\#(name)","target":"jpg","scope":"\#(scope)"}"#)
      XCTAssertEqual(made.status, 201, made.text)
    }
    let cases: [(String, Set<String>)] = [
      ("small", ["Small one"]), ("ONE,%20bilder%20", ["Small one", "Große Bilder"]), ("nothing", []),
      ("small%20one", ["Small one"]), ("private", ["Small one"]), ("private,", ["Private use"]),
      ("public", ["Große Bilder", "Private use"]), ("all", ["Small one", "Große Bilder", "Private use"]),
      (",", ["Small one", "Große Bilder", "Private use"]),
    ]
    for (filter, names) in cases {
      let found = try client.send("GET", "/v2/presets?filter=\(filter)").json.array ?? []
      XCTAssertEqual(Set(found.compactMap { $0["name"]?.string }), names, filter)
    }
  }

  func testFigures_AreThoseOfTheCounters_AndTheContractIsThePlan() throws {
    let client = Client(server: try TestServer())
    _ = try client.outputs(of: #"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}]}"#)
    let day = String("\(Clock.system.now())".prefix(10))
    for path in ["day/\(day)", "month/\(day.prefix(7))", "year/\(day.prefix(4))"] {
      for filter in ["single", "all"] {
        let reply = try client.send("GET", "/v2/stats/\(path)/\(filter)")
        XCTAssertEqual(reply.json["completed"]?.integer, 1, reply.text)
      }
    }
    for path in ["day/2026-02-30/all", "month/2026/all", "week/2026-01-01/all", "day/\(day)/none"] {
      XCTAssertEqual(try client.send("GET", "/v2/stats/\(path)").status, 400, path)
    }
    let contracts = try client.send("GET", "/v2/contracts")
    XCTAssertEqual(contracts.json["contracts"]?[0]?["contract_type"]?.string, "enterprise")
    XCTAssertEqual(try client.send("GET", "/v2/statuses", "", []).json[0]?["code"]?.string, "incomplete")
  }

  func testFilesElsewhere_AreInputsAndOutputs_AndTheirKeysAreNowhere() throws {
    let client = Client(server: try TestServer(settings: Client.loopback))
    let store = try ObjectStore()
    addTeardownBlock { store.receiver.close() }
    store.put("/pictures/a.png", SamplePictures.photo)
    func place(_ file: String) -> String {
      #""parameters":{"bucket":"pictures","file":"\#(file)","endpoint":"\#(store.endpoint)"},"#
        + #""credentials":{"accesskeyid":"\#(ObjectStore.user)","secretaccesskey":"\#(ObjectStore.password)"}"#
    }
    let job = try client.create(
      #"{"input":[{"type":"cloud","source":"amazons3",\#(place("a.png"))}],"#
        + #""conversion":[{"target":"jpg","output_target":[{"type":"amazons3",\#(place("made/"))}]}]}"#)
    let done = try client.ended(job["id"]?.string ?? "")
    XCTAssertEqual(done["status"]?["code"]?.string, "completed", done.text)
    XCTAssertEqual(done["output"], .array([]))
    XCTAssertEqual(done["conversion"]?[0]?["output_target"]?[0]?["status"]?.string, "completed")
    XCTAssertNotNil(store.objects["/pictures/made/a.jpg"])
    XCTAssertEqual(done["input"]?[0]?["type"]?.string, "cloud")
    for text in [job.text, done.text] { XCTAssertFalse(text.contains(ObjectStore.password), text) }
  }
}
