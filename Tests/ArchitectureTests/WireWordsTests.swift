import Foundation
import XCTest

/// Words that a client sends or reads belong to its dialect; the engine and the storage know none of them.
final class WireWordsTests: XCTestCase {
  /// Names of fields and headers in the contracts of the five dialects, as a text in the code would have them.
  private static let words = [
    "conversion_type", "webhook_url", "webhook_secret", "notification_email", "files[]", "options[", "output_format",
    "callback_url", "notify_status", "target_format_id", "output_target", "job_id", "object_key", "watermark.url",
    "X-Api2convert", "X-Oc-Api-Key", "X-RateLimit-Limit-Minute", "status_url", "download_url", "formats[",
    "compressions[", "resizes[", "originalSize", "more_errors",
  ]

  func testEngineAndStorage_HaveNoWordOfAWire() throws {
    for module in ["Engine", "Storage", "Conversion", "Outbox"] {
      let base = LayerTests.root.appending(path: "Sources/" + module)
      for path in try FileManager.default.subpathsOfDirectory(atPath: base.path) where path.hasSuffix(".swift") {
        let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
          let code = line.trimmingCharacters(in: .whitespaces)
          // Columns of the tables have such names, too, and are no answer to anybody.
          guard !code.hasPrefix("//"), !Self.isStatement(code) else { continue }
          for word in Self.words where code.contains("\"\(word)") {
            XCTFail("\(module)/\(path):\(number + 1) says \(word)")
          }
        }
      }
    }
  }

  private static func isStatement(_ line: String) -> Bool {
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WHERE", "CREATE"].contains { line.contains($0) }
  }
}
