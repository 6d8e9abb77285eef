import Basics
import Formats
import Storage
import TestSupport
import XCTest

@testable import Conversion
@testable import Engine

/// What a node says of the orders that it was given, and what becomes of those that it says nothing of.
final class NodeDeskTests: XCTestCase {
  func testAnOrderThatItsNodeForgets_IsLost_AndTheOthersStay() async throws {
    let (directory, clock, line) = (try TemporaryDirectory(), FixedClock(), AssignmentLine())
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let desk = NodeDesk(
      store: store, line: line, version: "1", left: [], clock: clock.counting, entropy: .system)
    let orders = try ["a", "b"].map { try assignment(RemoteFolder.prefix + $0, in: directory.path) }
    for order in orders { line.put(order) }
    let given = try await desk.claim("one", places: 1, version: "1")
    XCTAssertEqual(given.count, 2)
    // The node is heard of, by what it says of one of the two.
    for _ in 0..<2 {
      clock.advance(by: NodeDesk.silence / 2 + .milliseconds(1))
      XCTAssertEqual(desk.tell([(orders[1].folder.name, nil)], of: "one"), [])
      desk.sweep()
    }
    guard case .lost = orders[0].stage else { return XCTFail("\(orders[0].stage)") }
    XCTAssertFalse(orders[1].hasEnded)
    XCTAssertEqual(desk.tell([(orders[0].folder.name, nil)], of: "one"), [orders[0].folder.name])
  }

  private func assignment(_ name: String, in place: String) throws -> Assignment {
    let maker = Makers.all[0]
    let order = Order(
      step: Step(maker: maker, offer: maker.offers[0], from: nil, to: maker.offers[0].to[0]),
      conversion: Conversion(from: nil, to: .jpeg), files: ConversionFiles(sources: [0], output: 1),
      timeLimit: .seconds(3), mostBytes: 9)
    let sent = try XCTUnwrap(RemoteOrder(order, version: "1", lease: name, settings: [:]))
    let folder = RemoteFolder(path: "\(place)/\(name)")
    try folder.make(sent)
    return Assignment(folder, sent, isShort: true)
  }
}
