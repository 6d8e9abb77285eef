import Basics
import Formats
import Conversion
import Engine
import Foundation
import HTTP
import XCTest

/// Lists that users read, checked against the code.
final class DocumentationTests: XCTestCase {
  private func page(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: name), encoding: .utf8)
  }

  func testConfigurationPage_HasEverySettingWithItsDefaultAndLine() throws {
    let page = try page("docs/configuration.md")
    for setting in Setting.all {
      let standard = setting.standard.isEmpty ? "none" : "`\(setting.standard)`"
      XCTAssertTrue(page.contains("| `\(setting.name)` | \(standard) | \(setting.summary) |"), setting.name)
    }
    XCTAssertEqual(page.matches(of: /(?m)^\| `WONDER_/).count, Setting.all.count)
  }

  func testWayBackToAnOlderVersion_RemovesWhatBelongsToTheNewerDatabase() throws {
    let page = try page("docs/operations.md")
    XCTAssertTrue(page.contains(".db wonder.db && rm -f wonder.db-wal wonder.db-shm lock\n"))
  }

  func testWonderPage_HasEveryRefusal() throws {
    let page = try page("docs/dialects/wonder.md")
    for code in Refusal.all.map(\.code) + HTTPFailure.words { XCTAssertTrue(page.contains("`\(code)`"), code) }
  }

  func testFormatsPage_HasEveryFormatAndOption() throws {
    let page = try page("docs/formats.md")
    for format in Format.all { XCTAssertTrue(page.contains("\n| `\(format.name)` |"), format.name) }
    for option in ConversionOption.all {
      let standard = option.standard.map { "`\($0.text)`" } ?? "none"
      XCTAssertTrue(
        page.contains("| `\(option.name)` | \(option.validValues) | \(standard) | \(option.summary) |"), option.name)
    }
  }

  func testReadme_IsShort() throws {
    XCTAssertLessThanOrEqual(try page("README.md").split(separator: "\n", omittingEmptySubsequences: false).count, 151)
  }
}
