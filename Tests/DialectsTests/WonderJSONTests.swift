import Basics
import TestSupport
import XCTest

/// Submissions as JSON documents.
final class WonderJSONTests: XCTestCase {
  private func submit(_ server: TestServer, _ text: String, _ headers: [(String, String)] = []) throws -> TestReply {
    try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")] + headers, body: Array(text.utf8))
  }

  private let photo = Base64.encode(SamplePictures.photo)

  func testSubmit_OfBase64_ConvertsEveryInput() throws {
    let server = try TestServer()
    let reply = try submit(
      server,
      """
      {"conversion_type":"image","from":"png","to":"jpg","total_files":2,"options":{"quality":40,"background":"#fff"},
       "inputs":[{"base64":"\(photo)","file_name":"a b.png"},{"base64":"data:image/png;base64,\(photo)"}],"sync":true}
      """)
    XCTAssertEqual(reply.status, 200, reply.text)
    let outputs = reply.json["outputs"]?.array ?? []
    XCTAssertEqual(outputs.map { $0["file_name"]?.string }, ["a b.jpg", "input-2.jpg"])
    let file = try server.client.get(server.path(of: outputs.first?["download_url"]?.string))
    XCTAssertEqual(Array(file.body.prefix(3)), [0xFF, 0xD8, 0xFF])
  }

  func testSubmit_OfTheSameDocumentInAnotherOrder_IsTheSameJob() throws {
    let server = try TestServer()
    let input = #""inputs":[{"base64":"\#(photo)"}]"#
    let first = try submit(
      server, #"{"conversion_type":"image","from":"png","to":"jpg",\#(input)}"#, [("Idempotency-Key", "k")])
    let second = try submit(
      server, #"{\#(input),"to":"jpg","from":"png","conversion_type":"image"}"#, [("Idempotency-Key", "k")])
    XCTAssertEqual(first.status, 202)
    XCTAssertEqual(second.status, 200)
    XCTAssertEqual(second.json["request_id"], first.json["request_id"])
  }

  func testSubmit_OfBadDocuments_NamesTheMemberAndTheValidOnes() throws {
    let server = try TestServer()
    let start = #"{"conversion_type":"image","from":"png","to":"jpg""#
    let cases: [(text: String, status: Int, field: String, problem: String)] = [
      (#"{"from":"png",}"#, 400, "body", "at byte"), ("[1]", 400, "", ""), ("", 400, "body", "at byte"),
      ("\(start)}", 422, "inputs", "at least one file"), (#"\#(start),"inputs":{}}"#, 422, "inputs", "array"),
      (#"\#(start),"inputs":[7]}"#, 422, "inputs[0]", "object with base64"),
      (#"\#(start),"inputs":[{"base64":"%%"}]}"#, 422, "inputs[0].base64", "RFC 4648"),
      (#"\#(start),"inputs":[{"base64":"aGk"}]}"#, 422, "inputs[0].base64", "RFC 4648"),
      (#"\#(start),"inputs":[{"base64":""}]}"#, 422, "inputs", "is empty"),
      (#"\#(start),"inputs":[{"base64":"aGk="}]}"#, 422, "inputs", "declared as PNG but is"),
      (#"\#(start),"inputs":[{"bytes":"aGk="}]}"#, 422, "inputs[0].bytes", "base64, file_name, ftp, s3, url"),
      (#"\#(start),"inputs":[{"url":"ftp://example.com/a.png"}]}"#, 422, "inputs[0].url", "http:// or https://"),
      (#"\#(start),"inputs":[{"url":7}]}"#, 422, "inputs[0].url", "must be a text"),
      (#"\#(start),"inputs":[{"url":"https://e.com/a","base64":"aGk="}]}"#, 422, "inputs[0]", "both base64 and url"),
      (#"\#(start),"webhookUrl":"x"}"#, 422, "webhookUrl", "valid: conversion_type"),
      (#"\#(start),"options":[]}"#, 422, "options", "an object of options"),
      (#"\#(start),"options":{"quality":[]}}"#, 422, "options[quality]", "must be a text"),
      (#"\#(start),"options":{"quality":101},"inputs":[{"base64":"\#(photo)"}]}"#, 422, "options[quality]", "1 to 100"),
      (#"{"conversion_type":7}"#, 422, "conversion_type", "must be a text"),
    ]
    for (text, status, field, problem) in cases {
      let reply = try submit(server, text)
      XCTAssertEqual(reply.status, status, reply.text)
      if field.isEmpty { continue }
      XCTAssertTrue(reply.json["errors"]?[field]?[0]?.string?.contains(problem) ?? false, "\(text): \(reply.text)")
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_OfNastyNames_GivesSafeNamesAndLinksThatWork() throws {
    let server = try TestServer()
    let names: [(sent: String, given: String)] = [
      ("my photo.png", "my photo.jpg"), (#"a\"b'c.png"#, "ab'c.jpg"), ("../../etc/passwd", "passwd.jpg"),
      (#"C:\\dir\\x.png"#, "x.jpg"), (#"line\r\nbreak\u0000.png"#, "linebreak.jpg"), ("日本語 ü.png", "日本語 ü.jpg"),
      ("%2e%2e%2f.png", "%2e%2e%2f.jpg"), ("..", "file.jpg"), ("con.png", "_con.jpg"),
      (#"esc\u001b[31m.png"#, "esc[31m.jpg"),
    ]
    for (sent, given) in names {
      let input = #"{"base64":"\#(photo)","file_name":"\#(sent)"}"#
      let reply = try submit(
        server, #"{"conversion_type":"image","from":"png","to":"jpg","sync":true,"inputs":[\#(input)]}"#)
      let output = reply.json["outputs"]?[0]
      XCTAssertEqual(output?["file_name"]?.string, given, reply.text)
      let file = try server.client.get(server.path(of: output?["download_url"]?.string))
      XCTAssertEqual(file.status, 200)
      XCTAssertEqual(Int64(file.body.count), output?["size"]?.integer)
      XCTAssertTrue(file.header("Content-Disposition")?.hasPrefix("attachment; filename=") ?? false)
    }
  }

  func testSubmit_OfMoreThanAMebibyte_Is413() throws {
    let reply = try submit(try TestServer(), #"{"from":"\#(String(repeating: "x", count: 1 << 20))"}"#)
    XCTAssertEqual(reply.status, 413)
    XCTAssertTrue(reply.json["message"]?.string?.contains("1048576 bytes") ?? false)
  }
}
