import DataFormats
import XCTest

final class ByteFeedTests: XCTestCase {
  func testFeed_KeepsWhatIsUnreadWhileMoreIsFetched() throws {
    let bytes = (0..<(ByteFeed.piece * 3 + 17)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let feed = ByteFeed(bytes)
    while try feed.fetch() {}
    XCTAssertEqual(Array(feed.unread), bytes)
    feed.advance(5)
    XCTAssertEqual(feed.position, 5)
    feed.rewind()
    XCTAssertEqual(try feed.rest(atMost: bytes.count), bytes)
    feed.rewind()
    XCTAssertNil(try feed.rest(atMost: bytes.count - 1))
  }

  func testDrain_LetsGoOfEveryByteInOrder() throws {
    var left: [UInt8] = []
    let drain = ByteDrain { left += $0 }
    for number in 0..<100_000 { try drain.put("\(number),") }
    try drain.flush()
    XCTAssertEqual(String(decoding: left, as: UTF8.self), (0..<100_000).map { "\($0)," }.joined())
    XCTAssertEqual(drain.count, left.count)
  }

  func testDrain_TakesWhatIsLargerThanItself() throws {
    var left: [UInt8] = []
    let drain = ByteDrain { left += $0 }
    let large = String(repeating: "0123456789", count: ByteDrain.piece / 4)
    for part in ["a", large, "b", large] { try drain.put(part) }
    try drain.flush()
    XCTAssertEqual(String(decoding: left, as: UTF8.self), "a" + large + "b" + large)
    XCTAssertEqual(drain.count, left.count)
  }
}
