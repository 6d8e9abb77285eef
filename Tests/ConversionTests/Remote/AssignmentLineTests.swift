import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// Who gets what of the orders that wait for somebody elsewhere.
final class AssignmentLineTests: XCTestCase {
  private func assignment(_ name: String, isShort: Bool) throws -> Assignment {
    let file = try TestFile([1])
    let maker = Makers.all[0]
    let order = Order(
      step: Step(maker: maker, offer: maker.offers[0], from: nil, to: maker.offers[0].to[0]),
      conversion: Conversion(from: nil, to: .jpeg),
      files: ConversionFiles(sources: [file.descriptor], output: file.descriptor), timeLimit: .seconds(3),
      mostBytes: 9)
    let sent = try XCTUnwrap(RemoteOrder(order, version: "1", lease: name, settings: [:]))
    return Assignment(RemoteFolder(path: "/nonexistent/\(name)"), sent, isShort: isShort)
  }

  func testTake_GivesShortOnesTogetherAndLongOnesAlone() throws {
    let line = AssignmentLine()
    line.offer(1, by: "a")
    for name in ["1", "2"] { line.put(try assignment(name, isShort: true)) }
    line.put(try assignment("long", isShort: false))
    for name in 3...40 { line.put(try assignment("\(name)", isShort: true)) }
    XCTAssertEqual(line.take(by: "a").map(\.order.lease), ["1", "2"] + (3...20).map { "\($0)" })
    XCTAssertEqual(line.take(by: "a").map(\.order.lease), ["long"])
    XCTAssertEqual(line.take(by: "a").count, 20)
    XCTAssertEqual(line.take(by: "a").count, 0)
  }

  func testTake_LeavesOthersTheirShareOfTheShortOnes() throws {
    let line = AssignmentLine()
    line.offer(2, by: "a")
    line.offer(2, by: "b")
    for name in 1...8 { line.put(try assignment("\(name)", isShort: true)) }
    XCTAssertEqual(line.take(by: "a").count, 3)
    XCTAssertEqual(line.take(by: "b").count, 2)
  }

  func testTake_GivesAnOrderToAnotherOneThanThatWhichCouldNotDoIt() throws {
    let line = AssignmentLine()
    line.offer(1, by: "a")
    line.offer(1, by: "b")
    let order = try assignment("1", isShort: false)
    order.avoid("a")
    line.put(order)
    XCTAssertEqual(line.take(by: "a").count, 0)
    XCTAssertEqual(line.take(by: "b").count, 1)
    line.put(order)
    line.offer(nil, by: "b")
    XCTAssertEqual(line.take(by: "a").count, 1, "there is nobody else")
    order.avoid("b")
    line.offer(1, by: "b")
    line.put(order)
    XCTAssertEqual(line.take(by: "b").count, 1, "all have refused it")
  }

  func testSpeak_GivesAsManyPlacesAsThereAre() {
    let line = AssignmentLine()
    XCTAssertFalse(line.speak(isShort: true))
    line.offer(2, by: "a")
    XCTAssert(line.speak(isShort: false))
    XCTAssert(line.speak(isShort: false))
    XCTAssertFalse(line.speak(isShort: false))
    XCTAssert(line.speak(isShort: true), "short ones share places")
    line.give()
    line.give()
    XCTAssert(line.speak(isShort: false))
  }

  func testStage_AfterTheEnd_StaysWhatItIs() throws {
    let order = try assignment("1", isShort: false)
    order.take(by: "a")
    order.begin(on: "n1")
    order.lose("gone")
    order.end(on: "n1")
    XCTAssertEqual(order.stage, .lost("gone"))
  }

  func testTell_OfOneWhoHasGone_KeepsNothing() {
    let line = AssignmentLine()
    var shot: OneShot? = OneShot()
    weak let kept = shot
    if let shot {
      line.tell(shot)
      line.forget(shot)
    }
    shot = nil
    XCTAssertNil(kept)
  }
}
