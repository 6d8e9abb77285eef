import Basics
import Dialects
import Storage
import XCTest

@testable import Outbox

/// The header fields of each style for one body and one moment; the codes were made with Python's hmac.
final class SignatureTests: XCTestCase {
  private let moment = Timestamp(milliseconds: 1_778_320_800_999)
  private let body = Array(#"{"event":"conversion.completed"}"#.utf8)
  private let standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  private func fields(_ style: DeliveryStyle, _ secrets: [String]) -> [String] {
    let letter = Letter(
      eventID: "evt_1", event: "conversion.completed", requestID: "req_1", body: body, secrets: secrets)
    return DeliveryPolicy.of(style).fields(letter, at: moment).map { "\($0.name): \($0.value)" }
  }

  func testFields_WithASecretOfAnyForm() {
    let plain = "d13d08fe0bfcbd4bbfde73c77113c093eba8fdc6947eecff1b1dea07426ed38c"
    let timed = "85ef4017d3498b45317f636a79826c0b3217682e10e42e7099d2201421480d6d"
    XCTAssertEqual(
      fields(.wonder, ["client_shared_secret"]),
      [
        "Content-Type: application/json", "User-Agent: Wonder-Webhooks/1.0",
        "X-WonderConvert-Event: conversion.completed", "X-WonderConvert-Request-Id: req_1",
        "X-WonderConvert-Signature: sha256=\(plain)", "X-WonderConvert-Delivery: evt_1",
        "X-WonderConvert-Timestamp: 1778320800",
      ])
    XCTAssertEqual(
      fields(.api2convert, ["client_shared_secret"]),
      [
        "Content-Type: application/json", "User-Agent: API2Convert API v2 Client (https://api.api2convert.com)",
        "X-Oc-Signature: \(plain)",
      ])
    XCTAssertEqual(
      fields(.convertly, ["client_shared_secret"]),
      [
        "Content-Type: application/json", "User-Agent: Convertly-Webhooks/1.0",
        "convertly-event: conversion.completed", "convertly-timestamp: 1778320800",
        "convertly-signature: t=1778320800,v1=\(timed)",
      ])
    XCTAssertEqual(
      fields(.koalapic, ["client_shared_secret"]),
      [
        "Content-Type: application/json", "User-Agent: KoalaPic-Webhooks/1.0", "X-KoalaPic-Signature: \(plain)",
        "X-Webhook-Signature: \(plain)",
      ])
  }

  func testFields_WithoutASecret_CarryNoSignature() {
    for style in DeliveryStyle.allCases {
      let found = fields(style, []).joined().lowercased()
      XCTAssertFalse(found.contains("signature"), found)
    }
    XCTAssertEqual(
      fields(.enconvert, [standardSecret]),
      ["Content-Type: application/json", "User-Agent: Enconvert-Webhooks/1.0"])
  }

  func testStandardWebhooks_SignsWithTheDecodedSecret() {
    let expected = [
      "webhook-id: evt_1", "webhook-timestamp: 1778320800",
      "webhook-signature: v1,DFUv+IOl0PZt1rRAYXvBl/IbCGaF0c9jPDAKAvRWaQU=",
    ]
    XCTAssertEqual(
      fields(.standard, [standardSecret]),
      ["Content-Type: application/json", "User-Agent: Wonder-Webhooks/1.0"] + expected)
    for style in [DeliveryStyle.wonder, .api2convert, .convertly, .koalapic] {
      XCTAssertEqual(fields(style, [standardSecret]).suffix(3), expected[...], "\(style)")
    }
    for odd in ["whsec_your_webhook_secret", "whsec_", "whsec_c2hvcnQ=", standardSecret.dropFirst(6) + ""] {
      XCTAssertFalse(fields(.koalapic, [odd]).joined().contains("webhook-id"), odd)
    }
  }

  func testRotation_SignsWithBothWhereTheStyleCanSayIt() {
    let other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    let both = fields(.standard, [other, standardSecret]).last ?? ""
    XCTAssertEqual(both.split(separator: " ").count, 3)
    XCTAssertTrue(both.hasSuffix(" v1,DFUv+IOl0PZt1rRAYXvBl/IbCGaF0c9jPDAKAvRWaQU="))
    let convertly = fields(.convertly, ["new", "client_shared_secret"]).last ?? ""
    XCTAssertTrue(
      convertly.hasPrefix(
        "convertly-signature: t=1778320800,v1=85ef4017d3498b45317f636a79826c0b3217682e10e42e7099d2201421480d6d,v1="))
  }
}
