import XCTest

@testable import HTTP

final class EventChannelTests: XCTestCase {
  private let event = ServerSentEvent(data: "x")

  func testSend_BeyondTheCapacity_DropsTheReader() {
    let channel = EventChannel()
    for _ in 0..<EventChannel.capacity { XCTAssertTrue(channel.send([event])) }
    XCTAssertFalse(channel.hasOverflowed)
    XCTAssertFalse(channel.send([event]))
    XCTAssertTrue(channel.hasOverflowed)
  }

  func testSend_ToAReaderThatHasTakenAll_TakesAnyNumber() {
    let channel = EventChannel()
    XCTAssertTrue(channel.send(Array(repeating: event, count: 1000)))
    guard case .events(let events) = channel.take() else { return XCTFail("there are no events") }
    XCTAssertEqual(events.count, 1000)
  }

  func testFinish_WithWaitingEvents_EndsAfterThem() {
    let channel = EventChannel()
    channel.send([event])
    channel.finish()
    XCTAssertFalse(channel.send([event]))
    guard case .events(let events) = channel.take() else { return XCTFail("there are no events") }
    XCTAssertEqual(events.count, 1)
    guard case .finished = channel.take() else { return XCTFail("the channel is not finished") }
  }

  func testStream_ThatIsNeverSent_ClosesOnce() {
    let closed = expectation(description: "closed")
    let channel = EventChannel()
    EventStream(channel) { closed.fulfill() }.close()
    wait(for: [closed], timeout: 0)
    XCTAssertFalse(channel.send([event]))
  }
}
