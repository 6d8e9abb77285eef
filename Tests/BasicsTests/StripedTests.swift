import Basics
import Synchronization
import XCTest

final class StripedTests: XCTestCase {
  func testThread_MeetsItsOwnValueAgain() {
    let numbers = Striped<Int> { 0 }
    for _ in 0..<5 { numbers.withOwn { $0 += 1 } }
    var found: [Int] = []
    numbers.each { found.append($0) }
    XCTAssertEqual(found.filter { $0 != 0 }, [5])
  }

  func testSeveralThreads_LoseNothing() {
    let numbers = Striped<Int> { 0 }
    let threads = (0..<8).map { number in
      ServiceThread("stripe-\(number)") { for _ in 0..<1000 { numbers.withOwn { $0 += 1 } } }
    }
    for thread in threads { thread.join() }
    var sum = 0
    numbers.each { sum += $0 }
    XCTAssertEqual(sum, 8000)
  }

  /// What one thread has put back another one finds, so that pieces add no connections.
  func testFirst_FindsWhatAnotherThreadHasLeft() {
    let numbers = Striped<Int?> { nil }
    ServiceThread("stripe") { numbers.withOwn { $0 = 7 } }.join()
    XCTAssertEqual(numbers.first { $0.take() }, 7)
    XCTAssertNil(numbers.first { $0.take() })
  }
}
