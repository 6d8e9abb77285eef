import Basics
import Formats
import Glibc
import TestSupport
import XCTest

@testable import Conversion

/// What goes to another machine and comes back, and what is not believed of it.
final class RemoteDocumentsTests: XCTestCase {
  func testOrder_OfEveryOffer_IsTheSameStepAtTheOtherEnd() throws {
    let file = try TestFile([1])
    for maker in Makers.all {
      for offer in maker.offers {
        let from = offer.from?.first
        let step = Step(maker: maker, offer: offer, from: from, to: offer.to[0])
        let order = Order(
          step: step, conversion: Conversion(from: from, to: offer.to[0]),
          files: ConversionFiles(sources: [file.descriptor], output: file.descriptor), timeLimit: .seconds(3),
          mostBytes: 9)
        let sent = try XCTUnwrap(RemoteOrder(order, version: "1", lease: "l", settings: ["A": "b"]), maker.name)
        let come = try XCTUnwrap(RemoteOrder(JSONReader.parse(sent.json.text.utf8)), maker.name)
        XCTAssertEqual(come, sent)
        let found = try XCTUnwrap(come.step(), maker.name)
        XCTAssert(type(of: found.maker) == type(of: maker), maker.name)
        XCTAssertEqual(found.offer.to, offer.to)
        XCTAssertEqual(found.offer.deed?.flag.name, offer.deed?.flag.name)
      }
    }
  }

  func testOrder_HasTheSecretsOfItsOptions() throws {
    let file = try TestFile([1])
    let options = try ConversionOptions(["password": "geheim"])
    let conversion = Conversion(from: .pdf, to: .txt, options: options, maxPixels: 3, names: ["a"])
    let maker = Makers.all[0]
    let order = Order(
      step: Step(maker: maker, offer: maker.offers[0], from: .pdf, to: maker.offers[0].to[0]), conversion: conversion,
      files: ConversionFiles(sources: [file.descriptor], output: file.descriptor), timeLimit: .seconds(3),
      mostBytes: 9)
    let sent = try XCTUnwrap(RemoteOrder(order, version: "1", lease: "l", settings: [:]))
    XCTAssertEqual(RemoteOrder(try JSONReader.parse(sent.json.text.utf8))?.conversion, conversion)
  }

  func testResult_IsReadAsItWasWritten() throws {
    let hash = [UInt8](repeating: 7, count: 32)
    let pieces = [
      RemoteResult.Piece(
        file: 1, outcome: ConversionOutcome(size: 0, width: nil, height: nil, sha256: hash), label: nil,
        part: FilePart(name: "d/a", format: .txt, size: 0)),
      RemoteResult.Piece(
        file: 0, outcome: ConversionOutcome(size: 5, width: 3, height: 4, sha256: hash), label: "2", part: nil),
    ]
    let text = RemoteResult(lease: "l", host: "n1", .made(pieces)).json.text
    let result = try XCTUnwrap(RemoteResult(JSONReader.parse(text.utf8)))
    guard case .made(let made) = result.end else { return XCTFail("it is not what was made") }
    XCTAssertEqual(made.map(\.file), [1, 0])
    XCTAssertEqual(made.map(\.outcome), pieces.map(\.outcome))
    XCTAssertEqual(made.map(\.label), [nil, "2"])
    XCTAssertEqual(made[0].part, pieces[0].part)
    let failure = ConversionFailure(.damagedFile, "it is broken", words: "bad\u{1b}[0m", isOfMaker: true)
    let failed = RemoteResult(lease: "l", host: "n1", .failed(failure)).json.text
    guard case .failed(let read)? = try RemoteResult(JSONReader.parse(failed.utf8))?.end else {
      return XCTFail("it is no failure")
    }
    XCTAssertEqual(read.code, .damagedFile)
    XCTAssertEqual(read.words, "bad[0m", "what drives a terminal is not kept")
    XCTAssert(read.isOfMaker)
  }

  func testResult_OfAnythingElse_IsNone() throws {
    let hash = String(repeating: "00", count: 32)
    let good = #"{"lease":"l","host":"h","made":[{"file":0,"label":"x","outcome":{"size":1,"sha256":"\#(hash)"}}]}"#
    XCTAssertNotNil(RemoteResult(try JSONReader.parse(good.utf8)))
    for name in ["..", "order-../x", "order-A", "x"] {
      XCTAssertFalse(RemoteFolder.isName(name), name)
    }
    XCTAssert(RemoteFolder.isName("order-0af9"))
    let bad = [
      "{}", "[]", #"{"lease":"l"}"#, #"{"lease":"l","host":"h"}"#, #"{"lease":"l","host":"h","made":[]}"#,
      #"{"lease":"l","host":"h","made":[{}]}"#,
      #"{"lease":"l","host":"h","made":[{"file":-1,"outcome":{"size":1,"sha256":"00"}}]}"#,
      #"{"lease":"l","host":"h","made":[{"file":0,"label":"../x","outcome":{"size":1,"width":null,"height":null,"sha256":"\#(hash)"}}]}"#,
      #"{"lease":"l","host":"h","failure":{"failed":"no_such","message":"m"}}"#,
    ]
    for text in bad { XCTAssertNil(RemoteResult(try JSONReader.parse(text.utf8)), text) }
  }

  func testFolder_WhoseLeaseHasEnded_TakesNoResult() throws {
    let directory = try TemporaryDirectory()
    let file = try TestFile([1, 2])
    let maker = Makers.all[0]
    let order = Order(
      step: Step(maker: maker, offer: maker.offers[0], from: nil, to: maker.offers[0].to[0]),
      conversion: Conversion(from: nil, to: .jpeg),
      files: ConversionFiles(sources: [file.descriptor], output: file.descriptor), timeLimit: .seconds(3),
      mostBytes: 9)
    let sent = try XCTUnwrap(RemoteOrder(order, version: "1", lease: "l", settings: [:]))
    let folder = RemoteFolder(path: "\(directory.path)/order-1")
    try folder.fill(sent, order.files)
    XCTAssertEqual(folder.order, sent)
    XCTAssert(folder.isLeased)
    folder.endLease()
    XCTAssertThrowsError(try folder.end(RemoteResult(lease: "l", host: "late", .refused("no")))) {
      XCTAssertEqual(($0 as? SystemFailure)?.code, ECANCELED)
    }
    XCTAssertNil(folder.result)
    folder.remove()
    XCTAssertEqual(LaunchRecord.names(in: directory.path), [])
  }

  func testLine_IsReadAsItWasWritten_AndNothingElseIs() {
    let lines: [RemoteLine] = [.started(host: "n1"), .begun(3), .progress(3, percent: 50), .ended(3), .alive]
    for line in lines { XCTAssertEqual(RemoteLine(line.text), line) }
    for text in ["", "srun: job 3 queued", "begun", "begun x", "progress 1", "ended 1 2"] {
      XCTAssertNil(RemoteLine(text), text)
    }
  }

  func testWords_AreSplitAtBlanksOutsideOfQuotes() {
    XCTAssertEqual(CommandWords.split("srun -Q  -n1 '--comment=a b' \"\""), ["srun", "-Q", "-n1", "--comment=a b", ""])
    XCTAssertEqual(CommandWords.split(" "), [])
    XCTAssertNil(CommandWords.split("a 'b"))
  }
}
