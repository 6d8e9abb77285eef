import Foundation
import XCTest

@testable import Markup

/// The tokenizer tests of html5lib, if `TEST_CORPORA` says where they lie.
final class HTMLTokenizerConformanceTests: XCTestCase {
  private static let states: [String: HTMLContentModel] = [
    "Data state": .data, "PLAINTEXT state": .plainText, "RCDATA state": .escapableRawText, "RAWTEXT state": .rawText,
    "Script data state": .script, "CDATA section state": .section,
  ]

  func testTokenizer_GivesTheTokensOfTheSuite() throws {
    guard let corpora = ProcessInfo.processInfo.environment["TEST_CORPORA"] else {
      throw XCTSkip("TEST_CORPORA does not say where the tests of html5lib lie")
    }
    let folder = URL(filePath: corpora).appending(path: "data/html/tokenizer")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    var count = 0
    for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "test" {
      let suite = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      for test in suite["tests"] as? [[String: Any]] ?? [] {
        count += try check(test, of: file.lastPathComponent)
      }
    }
    XCTAssertGreaterThan(count, 1000)
    print("html5lib tokenizer: \(count) tests run")
  }

  /// Runs a test in each of its states and returns how often that was.
  private func check(_ test: [String: Any], of file: String) throws -> Int {
    let isEscaped = test["doubleEscaped"] as? Bool ?? false
    guard let input = text(test["input"], isEscaped) else { return 0 }
    let expected = try XCTUnwrap(test["output"] as? [[Any]]).map { token in token.map { plain($0, isEscaped) } }
    let states = test["initialStates"] as? [String] ?? ["Data state"]
    for state in states {
      let model = try XCTUnwrap(Self.states[state])
      let got = tokens(input, model, test["lastStartTag"] as? String ?? "")
      let name = "\(file), \(test["description"] ?? ""), \(state): \(input.debugDescription)"
      XCTAssertEqual(got as NSArray, expected as NSArray, name)
    }
    return states.count
  }

  private func tokens(_ input: String, _ model: HTMLContentModel, _ last: String) -> [[Any]] {
    let bytes = MarkupEncoding.utf8.decode(Array(input.utf8)[...])
    var tokens: [[Any]] = []
    bytes.withUnsafeBufferPointer { buffer in
      var tokenizer = HTMLTokenizer(ByteView(buffer), model: model, lastStart: last)
      while let token = tokenizer.next() { tokens.append(form(token)) }
    }
    return tokens
  }

  private func form(_ token: HTMLToken) -> [Any] {
    switch token {
    case .text(let text): return ["Character", String(decoding: text, as: UTF8.self)]
    case .comment(let text): return ["Comment", String(decoding: text, as: UTF8.self)]
    case .end(let name): return ["EndTag", name]
    case .doctype(let type):
      return [
        "DOCTYPE", type.name ?? NSNull(), type.publicIdentifier ?? NSNull(), type.systemIdentifier ?? NSNull(),
        !type.forcesQuirks,
      ]
    case .start(let tag):
      let attributes = Dictionary(tag.attributes.map { ($0.name, $0.value) }) { first, _ in first }
      return tag.isSelfClosing ? ["StartTag", tag.name, attributes, true] : ["StartTag", tag.name, attributes]
    }
  }

  private func plain(_ value: Any, _ isEscaped: Bool) -> Any {
    guard isEscaped else { return value }
    if let text = value as? String { return unescaped(text) ?? text }
    if let attributes = value as? [String: String] {
      return Dictionary(attributes.map { (unescaped($0.key) ?? $0.key, unescaped($0.value) ?? $0.value) }) { first, _ in
        first
      }
    }
    return value
  }

  private func text(_ value: Any?, _ isEscaped: Bool) -> String? {
    guard let text = value as? String else { return nil }
    return isEscaped ? unescaped(text) : text
  }

  /// A text whose `\u` escapes are read a second time; nil where it holds half of a pair, which UTF-8 cannot.
  private func unescaped(_ text: String) -> String? {
    var units: [UInt16] = []
    var rest = Substring(text)
    while let character = rest.unicodeScalars.first {
      if rest.hasPrefix("\\u"), let unit = UInt16(rest.dropFirst(2).prefix(4), radix: 16) {
        units.append(unit)
        rest = rest.dropFirst(6)
      } else {
        units += Array(String(character).utf16)
        rest = Substring(rest.unicodeScalars.dropFirst())
      }
    }
    let read = String(decoding: units, as: UTF16.self)
    return Array(read.utf16) == units ? read : nil
  }
}
