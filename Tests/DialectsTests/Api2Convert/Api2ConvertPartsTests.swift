import Basics
import TestSupport
import XCTest

/// The parts of api2convert's jobs, and what is refused of them.
final class Api2ConvertPartsTests: XCTestCase {
  private typealias Client = Api2ConvertClient

  func testRefusals_NameTheField_InTheVendorsDocument() throws {
    let client = Client(server: try TestServer())
    let cases = [
      (#"{"conversion":[{"target":"nothing"}]}"#, "conversion[0].target"),
      (#"{"conversion":[{"target":"jpg","options":{"nonsense":1}}]}"#, "conversion[0].options.nonsense"),
      (
        #"{"conversion":[{"target":"jpg","options":{"resize_handling":"x"}}]}"#, "conversion[0].options.resize_handling"
      ),
      (#"{"conversion":[{"target":"jpg","category":"audio"}]}"#, "conversion[0].category"),
      (#"{"conversion":[{"target":"thumbnal","category":"operation"}]}"#, "conversion[0].category"),
      (#"{"conversion":[{}]}"#, "conversion[0].target"), (#"{"process":7}"#, "process"), (#"{"x":1}"#, "x"),
      (#"{"callback":"ftp://a"}"#, "callback"),
      (#"{"input":[{"type":"cloud","source":"azure"}]}"#, "input[0].source"),
      (#"{"input":[{"source":"file:///etc/passwd"}]}"#, "input[0].source"),
      (#"{"input":[{"type":"output","source":"1"}]}"#, "input[0].source"),
      (#"{"input":[{"source":"http://a/","engine":"video"}]}"#, "input[0].engine"),
      (
        #"{"conversion":[{"target":"jpg","output_target":[{"type":"ftp"}]}]}"#,
        "conversion[0].output_target[0].parameters.host"
      ),
    ]
    for (body, field) in cases {
      let reply = try client.send("POST", "/v2/jobs", body)
      XCTAssertEqual(reply.status, 400, body)
      XCTAssertEqual(reply.json["errors"]?.members?.first?.name, field, reply.text)
      XCTAssertEqual(reply.json["code"]?.integer, 400)
      XCTAssertTrue(reply.json["message"]?.string?.contains(field) ?? false, reply.text)
    }
    XCTAssertEqual(try client.send("POST", "/v2/jobs", "").json["code"]?.integer, 8)
    XCTAssertEqual(try client.send("GET", "/v2/jobs").status, 204, "nothing was taken")
  }

  func testPartsOfAJob_AreChangedUntilItStarts_AndNotAfter() throws {
    let client = Client(server: try TestServer())
    let path = "/v2/jobs/\(try client.create(#"{"process":false}"#)["id"]?.string ?? "")"
    let added = try client.send("POST", path + "/conversions", #"[{"target":"jpg"},{"target":"bmp"}]"#)
    XCTAssertEqual(added.status, 201, added.text)
    let ids = added.json.array?.compactMap { $0["id"]?.string } ?? []
    XCTAssertEqual(try client.send("DELETE", path + "/conversions/\(ids[0])").status, 204)
    XCTAssertEqual(try client.send("GET", path + "/conversions/\(ids[0])").status, 404)
    let changed = try client.send("PATCH", path + "/conversions/\(ids[1])", #"{"options":{"width":20}}"#)
    XCTAssertEqual(changed.json["id"]?.string, ids[1])
    XCTAssertEqual(changed.json["options"]?["width"]?.integer, 20)
    let one = try client.send("POST", path + "/input", "[\(Client.picture("a.png")),\(Client.picture("b.png"))]")
    XCTAssertEqual(one.status, 201, one.text)
    XCTAssertEqual(try client.send("DELETE", path + "/input/\(one.json[1]?["id"]?.string ?? "")").status, 204)
    let refused = try client.send("PATCH", path + "/input", #"{"credentials":{"decrypt_password":"x"}}"#)
    XCTAssertEqual(refused.status, 400, "a picture has none")
    XCTAssertEqual(
      try client.send("PATCH", path, #"{"process":true,"notify_status":true,"fail_on_input_error":false}"#).status, 200)
    let done = try client.ended(String(path.dropFirst("/v2/jobs/".count)))
    XCTAssertEqual(done["output"]?.array?.compactMap { $0["filename"]?.string }, ["a.bmp"])
    XCTAssertEqual(done["output"]?[0]?["metadata"]?["width"]?.integer, 20)
    XCTAssertEqual(done["fail_on_input_error"]?.boolean, false)
    for (method, end, body) in [
      ("POST", "/conversions", #"{"target":"png"}"#), ("POST", "/input", Client.picture()),
      ("DELETE", "/conversions/\(ids[1])", ""), ("PATCH", "", #"{"process":true}"#),
    ] {
      XCTAssertEqual(try client.send(method, path + end, body).status, 409, end)
    }
  }

  func testOutputs_AreRenamedLockedAndDeleted() throws {
    let client = Client(server: try TestServer())
    let job = try client.create(#"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}]}"#)
    let path = "/v2/jobs/\(job["id"]?.string ?? "")/output"
    let output = try client.ended(job["id"]?.string ?? "")["output"]?[0]
    let own = path + "/\(output?["id"]?.string ?? "")"
    let conversion = output?["source"]?["conversion"]?.string ?? ""
    XCTAssertEqual(try client.send("GET", path + "?conversion_id=\(conversion)").json.array?.count, 1)
    XCTAssertEqual(try client.send("GET", path + "?conversion_id=x").json.array?.count, 0)
    let changed = try client.send("PATCH", own, #"{"filename":"holiday","download_password":"pa55"}"#)
    XCTAssertEqual(changed.json["filename"]?.string, "holiday.jpg", changed.text)
    let link = client.server.path(of: changed.json["uri"]?.string)
    XCTAssertEqual(try client.server.client.get(link).status, 401)
    for name in ["X-Api2convert-Download-Password", "X-Oc-Download-Password"] {
      XCTAssertEqual(try client.server.client.get(link, [(name, "pa55")]).status, 200)
    }
    XCTAssertEqual(try client.send("DELETE", own).status, 204)
    XCTAssertEqual(try client.send("DELETE", own).status, 404)
    XCTAssertEqual(try client.server.client.get(link, [("X-Oc-Download-Password", "pa55")]).status, 410)
  }

  func testAnEarlierFile_IsAnInputAgain_AndOnlyToItsWorkspaceAndKey() throws {
    let client = Client(server: try TestServer())
    let job = try client.create(#"{"input":[\#(Client.picture())],"conversion":[{"target":"jpg"}]}"#)
    let done = try client.ended(job["id"]?.string ?? "")
    let output = done["output"]?[0]?["id"]?.string ?? ""
    let again = try client.outputs(
      of: #"{"input":[{"type":"output","source":"\#(output)"}],"conversion":[{"target":"png"}]}"#)
    XCTAssertEqual(again[0]["filename"]?.string, "photo.png")
    let input = done["input"]?[0]?["id"]?.string ?? ""
    let more = try client.outputs(
      of: #"{"input":[{"type":"input_id","source":"\#(input)"}],"conversion":[{"target":"bmp"}]}"#)
    XCTAssertEqual(more[0]["filename"]?.string, "photo.bmp")
    let empty = try client.create("{}")
    let refused = try client.send(
      "POST", "/v2/jobs/\(empty["id"]?.string ?? "")/input", #"{"type":"output","source":"\#(output)"}"#,
      [("X-Oc-Token", empty["token"]?.string ?? "")])
    XCTAssertEqual(refused.status, 401)
  }

  func testOperations_AreTargetsOfTheirOwn() throws {
    let client = Client(server: try TestServer())
    func made(_ target: String, _ category: String, _ options: String, _ inputs: [String]) throws -> JSONValue {
      let given = inputs.joined(separator: ",")
      return try client.outputs(
        of:
          #"{"input":[\#(given)],"conversion":[{"target":"\#(target)","category":"\#(category)","options":\#(options)}]}"#
      )[0]
    }
    let picture = Client.picture()
    let small = try made("thumbnail", "operation", #"{"width":30,"pages":"first"}"#, [picture])
    XCTAssertEqual(small["metadata"]?["width"]?.integer, 30)
    XCTAssertEqual(small["content_type"]?.string, "image/png")
    let cut = try made(
      "resize-image", "operation", #"{"width":20,"height":20,"resize_handling":"keep_aspect_ratio_crop"}"#, [picture])
    XCTAssertEqual(cut["metadata"]?["height"]?.integer, 20)
    XCTAssertEqual(try made("compress", "operation", "{}", [picture])["content_type"]?.string, "image/png")
    XCTAssertEqual(try made("sha256", "hash", "{}", [picture])["filename"]?.string, "photo.sha256")
    XCTAssertEqual(try made("json", "metadata", "{}", [picture])["content_type"]?.string, "application/json")
    let compared = try made("compare-image", "operation", #"{"method":"ssim"}"#, [picture, picture])
    XCTAssertEqual(compared["content_type"]?.string, "application/json")
    XCTAssertEqual(try made("zip", "archive", "{}", [picture, picture])["content_type"]?.string, "application/zip")
    let several = try client.create(
      #"{"process":false,"conversion":[{"target":"files","options":{"allow_multiple_outputs":true}}]}"#)
    XCTAssertEqual(several["conversion"]?[0]?["options"]?["allow_multiple_outputs"]?.boolean, true)
    let unknown = try client.send(
      "POST", "/v2/jobs",
      #"{"input":[\#(picture)],"conversion":[{"target":"thumbnail","category":"operation","options":{"quality":1}}]}"#)
    XCTAssertEqual(unknown.status, 400)
    XCTAssertTrue(unknown.text.contains("conversion[0].options.quality"), unknown.text)
  }

  func testSecrets_AreInNoDocument() throws {
    let client = Client(server: try TestServer())
    let reply = try client.send(
      "POST", "/v2/jobs",
      #"{"process":false,"download_passwords":["hush1"],"conversion":[{"target":"pdf","options":{"download_password":"hush2"}}]}"#
    )
    XCTAssertEqual(reply.status, 201, reply.text)
    XCTAssertFalse(try client.job(reply.json["id"]?.string ?? "").text.contains("hush"))
  }
}
