import Basics
import Conversion
import Formats
import TestSupport
import XCTest

/// What no document shows of a job of api2convert's, while its parts come and go.
final class Api2ConvertChangesTests: XCTestCase {
  private typealias Client = Api2ConvertClient

  private func clientWithQPDF() throws -> Client {
    let toolbox = Toolbox.find()
    try XCTSkipIf(toolbox.path(of: Program("qpdf", package: "qpdf")) == nil, "qpdf is not here: apt-get install qpdf")
    return Client(server: try TestServer(makers: Makers.all, toolbox: toolbox))
  }

  private func file(_ client: Client, _ output: JSONValue?) throws -> [UInt8] {
    Array(try client.server.client.get(client.server.path(of: output?["uri"]?.string)).body)
  }

  private func isEncrypted(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).contains("/Encrypt") }

  func testAPlaceElsewhere_StaysWithItsConversion_WhenAnotherGoes() throws {
    let client = Client(server: try TestServer(settings: Client.loopback))
    let store = try ObjectStore()
    addTeardownBlock { store.receiver.close() }
    func conversion(_ target: String, _ folder: String) -> String {
      #"{"target":"\#(target)","output_target":[{"type":"amazons3","#
        + #""parameters":{"bucket":"pictures","file":"\#(folder)/","endpoint":"\#(store.endpoint)"},"#
        + #""credentials":{"accesskeyid":"\#(ObjectStore.user)","secretaccesskey":"\#(ObjectStore.password)"}}]}"#
    }
    for replaces in [false, true] {
      let job = try client.create(
        #"{"process":false,"input":[\#(Client.picture("a.png"))],"#
          + #""conversion":[\#(conversion("jpg", "one")),\#(conversion("bmp", "two"))]}"#)
      let path = "/v2/jobs/\(job["id"]?.string ?? "")"
      let first = job["conversion"]?[0]?["id"]?.string ?? ""
      let changed =
        replaces
        ? try client.send("PATCH", path, #"{"conversion":[{"target":"jpg"}]}"#)
        : try client.send("DELETE", path + "/conversions/\(first)")
      XCTAssertEqual(changed.status, replaces ? 200 : 204, changed.text)
      XCTAssertEqual(try client.send("PATCH", path, #"{"process":true}"#).status, 200)
      let done = try client.ended(job["id"]?.string ?? "")
      XCTAssertEqual(done["status"]?["code"]?.string, "completed", done.text)
      XCTAssertEqual(done["conversion"]?[0]?["output_target"]?.array?.count, replaces ? 0 : 1)
      XCTAssertEqual(done["output"]?.array?.count, replaces ? 1 : 0)
      XCTAssertEqual(store.objects.keys.sorted(), ["/pictures/two/a.bmp"])
    }
  }

  func testAPassword_GoesWithItsConversion() throws {
    let client = try clientWithQPDF()
    for isFirst in [true, false] {
      let job = try client.create(
        #"{"process":false,"input":[\#(Client.picture("a.png"))],"conversion":"#
          + #"[{"target":"pdf","options":{"user_password":"hush"}},{"target":"pdf","options":{"width":20}}]}"#)
      let path = "/v2/jobs/\(job["id"]?.string ?? "")"
      let gone = job["conversion"]?[isFirst ? 0 : 1]?["id"]?.string ?? ""
      XCTAssertEqual(try client.send("DELETE", path + "/conversions/\(gone)").status, 204)
      XCTAssertEqual(try client.send("PATCH", path, #"{"process":true}"#).status, 200)
      let done = try client.ended(job["id"]?.string ?? "")
      XCTAssertEqual(done["output"]?.array?.count, 1, done.text)
      XCTAssertEqual(isEncrypted(try file(client, done["output"]?[0])), !isFirst)
    }
  }

  func testWhatOpensAnInput_WaitsForItsConversion() throws {
    let client = try clientWithQPDF()
    let made = try client.outputs(
      of: #"{"input":[\#(Client.picture("a.png"))],"#
        + #""conversion":[{"target":"pdf","options":{"user_password":"hush"}}]}"#)
    let locked = Client.picture("a.pdf", try file(client, made.first))
    let conversion = #"{"target":"pdf","options":{"decrypt":true}}"#
    for (password, own, opens) in [("hush", nil, true), ("else", nil, false), ("else", "hush", true)]
      as [(String, String?, Bool)]
    {
      let job = try client.create("{}")
      let path = "/v2/jobs/\(job["id"]?.string ?? "")"
      let input = locked.dropLast() + #","credentials":{"decrypt_password":"\#(password)"}}"#
      XCTAssertEqual(try client.send("POST", path + "/input", String(input)).status, 201)
      let options = own.map { #"{"decrypt":true,"pdf_password":"\#($0)"}"# } ?? #"{"decrypt":true}"#
      let added = try client.send("POST", path + "/conversions", #"{"target":"pdf","options":\#(options)}"#)
      XCTAssertEqual(added.status, 201, added.text)
      let done = try client.ended(job["id"]?.string ?? "")
      XCTAssertEqual(done["status"]?["code"]?.string, opens ? "completed" : "failed", done.text)
      XCTAssertFalse(done.text.contains("hush"), done.text)
    }
    let again = try client.create(#"{"process":false,"input":[\#(locked)],"conversion":[\#(conversion)]}"#)
    let path = "/v2/jobs/\(again["id"]?.string ?? "")"
    let opening = #"{"credentials":{"decrypt_password":"hush"}}"#
    XCTAssertEqual(try client.send("PATCH", path + "/input", opening).status, 200)
    XCTAssertEqual(try client.send("PATCH", path, #"{"conversion":[\#(conversion)],"process":true}"#).status, 200)
    XCTAssertEqual(try client.ended(again["id"]?.string ?? "")["status"]?["code"]?.string, "completed")
  }

  func testWhatCanBeNoPassword_IsRefused_AlsoBeforeThereIsAConversion() throws {
    let client = Client(server: try TestServer())
    let path = "/v2/jobs/\(try client.create("{}")["id"]?.string ?? "")"
    for password in [String(repeating: "x", count: 128), #"a\u0007b"#] {
      let input = Client.picture().dropLast() + #","credentials":{"decrypt_password":"\#(password)"}}"#
      let reply = try client.send("POST", path + "/input", String(input))
      XCTAssertEqual(reply.status, 400, reply.text)
      XCTAssertEqual(reply.json["errors"]?.members?.first?.name, "input.credentials.decrypt_password", reply.text)
    }
  }

  func testDownloadPasswords_AreReplacedByAList_AndNotByAnEmptyOne() throws {
    let client = Client(server: try TestServer())
    let job = try client.create(
      #"{"process":false,"download_passwords":["old"],"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}]}"#)
    let path = "/v2/jobs/\(job["id"]?.string ?? "")"
    XCTAssertEqual(try client.send("PATCH", path, #"{"download_passwords":["new","newer"]}"#).status, 200)
    XCTAssertEqual(try client.send("PATCH", path, #"{"download_passwords":[],"process":true}"#).status, 200)
    let done = try client.ended(job["id"]?.string ?? "")
    let link = client.server.path(of: done["output"]?[0]?["uri"]?.string)
    for (password, status) in [("old", 401), ("new", 200), ("newer", 200)] {
      XCTAssertEqual(
        try client.server.client.get(link, [("X-Oc-Download-Password", password)]).status, status, password)
    }
  }

  func testInputs_FollowEachOtherAsTheirPositionsSay() throws {
    let client = Client(server: try TestServer())
    let inputs = ["a", "b"].map { Client.picture($0 + ".png") }.joined(separator: ",")
    let job = try client.create(#"{"process":false,"conversion":[{"target":"jpg"}],"input":[\#(inputs)]}"#)
    let path = "/v2/jobs/\(job["id"]?.string ?? "")"
    XCTAssertEqual(try client.upload(job, "c.png").status, 200)
    func rows() throws -> [(name: String, id: String, type: String)] {
      (try client.send("GET", path + "/input").json.array ?? []).map { row in
        (row["filename"]?.string ?? "", row["id"]?.string ?? "", row["type"]?.string ?? "")
      }
    }
    let ids = try rows().map { $0.id }
    let moved = try client.send("PATCH", path + "/input/\(ids[0])", #"{"options":{"position":3}}"#)
    XCTAssertEqual(moved.status, 200, moved.text)
    XCTAssertEqual(try rows().map { $0.name }, ["b.png", "c.png", "a.png"])
    XCTAssertEqual(try rows().map { $0.type }, ["base64", "upload", "base64"], "what was said goes with its file")
    for first in [0, 1] {
      let all = zip(ids, [2, 1, 0]).map { #"{"id":"\#($0)","options":{"position":\#($1 + first)}}"# }
      let sent = try client.send("PATCH", path + "/input", "[\(all.joined(separator: ","))]")
      XCTAssertEqual(sent.status, 200, sent.text)
      XCTAssertEqual(try rows().map { $0.name }, ["c.png", "b.png", "a.png"])
    }
    for (body, field) in [
      (#"{"options":{"position":"x"}}"#, "options.position"), (#"{"options":{"nonsense":1}}"#, "options.nonsense"),
      ("{}", "credentials.decrypt_password"),
    ] {
      let wrong = try client.send("PATCH", path + "/input/\(ids[0])", body)
      XCTAssertEqual(wrong.status, 400, body)
      XCTAssertEqual(wrong.json["errors"]?.members?.first?.name, field, wrong.text)
    }
    XCTAssertEqual(try client.send("PATCH", path, #"{"process":true}"#).status, 200)
    let done = try client.ended(job["id"]?.string ?? "")
    XCTAssertEqual(done["output"]?.array?.map { $0["filename"]?.string }, ["c.jpg", "b.jpg", "a.jpg"])
    let late = try client.send("PATCH", path + "/input", #"{"parameters":{"x":1}}"#)
    XCTAssertEqual(late.status, 409, late.text)
  }

  func testParametersThatNobodyKnows_AreIgnored_OfInputsAlone() throws {
    let client = Client(server: try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32"]))
    // Nobody answers there, so that the job has not ended when it is changed.
    let silent = try FullBacklog()
    let cloud =
      #"{"type":"cloud","source":"amazons3","parameters":{"bucket":"b","file":"a.png","endpoint":"http://127.0.0.1:\#(silent.port)","#
      + #""colour":"red"},"credentials":{"accesskeyid":"i","secretaccesskey":"s"}}"#
    let job = try client.create(#"{"process":false,"input":[\#(cloud)]}"#)
    let path = "/v2/jobs/\(job["id"]?.string ?? "")/input"
    let changed = try client.send("PATCH", path, #"{"parameters":{"bucket":"other"}}"#)
    XCTAssertEqual(changed.status, 200, changed.text)
    XCTAssertEqual(changed.json[0]?["parameters"]?["bucket"]?.string, "b")
    let target =
      #"{"type":"ftp","parameters":{"host":"a.example","file":"x","colour":"red"},"credentials":{"username":"u"}}"#
    let refused = try client.send(
      "POST", "/v2/jobs", #"{"process":false,"conversion":[{"target":"jpg","output_target":[\#(target)]}]}"#)
    XCTAssertEqual(refused.status, 400)
    XCTAssertEqual(
      refused.json["errors"]?.members?.first?.name, "conversion[0].output_target[0].parameters.colour", refused.text)
  }
}
