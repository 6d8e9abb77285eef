import Basics
import TestSupport
import XCTest

@testable import Engine
@testable import Storage

final class LinksTests: XCTestCase {
  private let clock = FixedClock()
  private let output = Output(id: 7, fileName: "a b.jpg", blob: "x", mediaType: "image/jpeg", size: 1, sha256: [])

  private func makeLinks(lifetime: Duration = .seconds(3600)) throws -> Links {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    addTeardownBlock { withExtendedLifetime((directory, store)) { store.close() } }
    return Links(store: store, clock: clock.clock, lifetime: lifetime, retention: .seconds(7200))
  }

  private func token(_ path: String) -> String { String(path.split(separator: "/")[1]) }

  func testToken_StandsForItsOutputUntilItExpires() throws {
    let links = try makeLinks()
    let path = links.path(to: output, finishedAt: clock.now)
    XCTAssertTrue(path.hasPrefix("/files/") && path.hasSuffix("/a%20b.jpg"), path)
    XCTAssertEqual(try links.output(of: token(path)), 7)
    clock.advance(by: .seconds(3599))
    XCTAssertEqual(try links.output(of: token(path)), 7)
    clock.advance(by: .seconds(1))
    XCTAssertThrowsError(try links.output(of: token(path))) { XCTAssertEqual($0 as? Refusal, .expiredLink) }
  }

  func testToken_NeverOutlivesTheFile() throws {
    let links = try makeLinks(lifetime: .seconds(1_000_000))
    let path = links.path(to: output, finishedAt: clock.now - .seconds(7000))
    clock.advance(by: .seconds(200))
    XCTAssertThrowsError(try links.output(of: token(path))) { XCTAssertEqual($0 as? Refusal, .expiredLink) }
  }

  func testToken_WithAnyCharacterChanged_IsUnknown() throws {
    let links = try makeLinks()
    let good = token(links.path(to: output, finishedAt: clock.now))
    for index in good.indices {
      for other in "0a-z" where other != good[index] {
        var changed = good
        changed.replaceSubrange(index...index, with: String(other))
        XCTAssertThrowsError(try links.output(of: changed), changed) { XCTAssertEqual($0 as? Refusal, .unknownFile) }
      }
    }
    for bad in ["", "-", "--", good + "0", String(good.dropLast(2)), good.uppercased()] {
      XCTAssertThrowsError(try links.output(of: bad), bad)
    }
  }
}
