import TestSupport
import XCTest

/// Fields of a form that nobody reads.
final class WonderFieldsTests: XCTestCase {
  private var form: MultipartForm { .conversion().file("files[]", "p.png", SamplePictures.photo) }

  func testMisspeltField_IsRefusedWithTheNearest() throws {
    let server = try TestServer()
    for (name, hint) in [
      ("options[qualty]", "is not known; did you mean quality?"), ("option[quality]", "did you mean options[quality]?"),
      ("webhok_url", "did you mean webhook_url?"), ("options[quality", "did you mean options[quality]?"),
      ("nonsense", "is not known; valid: conversion_type, from, to"),
    ] {
      let reply = try server.submit(form.field(name, "80"))
      XCTAssertEqual(reply.status, 422, name)
      XCTAssertTrue(reply.text.contains(hint), reply.text)
    }
  }

  func testFieldsOfTheSeedAndOfFrameworks_AreTaken() throws {
    let server = try TestServer()
    for name in ["total_size", "webhook_secret", "_token", "_method", "options[quality]", "files[]"] {
      XCTAssertEqual(try server.submit(form.field(name, name == "options[quality]" ? "80" : "")).status, 202, name)
    }
  }

  func testConversionType_ListsWhatFits() throws {
    let server = try TestServer()
    let reply = try server.submit(
      MultipartForm().field("conversion_type", "archive").field("from", "png").field("to", "pdf")
        .file("files[]", "p.png", SamplePictures.photo))
    XCTAssertTrue(reply.text.contains("does not fit png to pdf; valid: "), reply.text)
    XCTAssertFalse(reply.text.contains("video"), reply.text)
  }
}
