import DataFormats
import Foundation
import Markup
import Pictures
import Typesetting
import XCTest

/// A PDF that was set in a test, and what other programs make of it.
struct Typeset {
  let bytes: [UInt8]

  /// Where it is kept for others to read; gone with the process's temporary files.
  private func withFile<T>(_ body: (String) throws -> T) throws -> T {
    let url = FileManager.default.temporaryDirectory.appending(path: "typeset-\(UUID().uuidString).pdf")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  private init(_ write: (ByteOutput) throws -> Int64) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "typeset-\(UUID().uuidString)")
    let file = open(url.path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    XCTAssertGreaterThanOrEqual(file, 0)
    defer {
      close(file)
      unlink(url.path)
    }
    let size = try write(ByteOutput(file))
    bytes = Array(try Data(contentsOf: url))
    XCTAssertEqual(size, Int64(bytes.count))
  }

  static func markdown(_ text: String, _ style: PageStyle = PageStyle()) throws -> Typeset {
    try Typeset { try MarkdownPages.write(try MarkdownParser().parse(Array(text.utf8)), style, to: $0) }
  }

  static func text(_ text: String, _ style: PageStyle = PageStyle()) throws -> Typeset {
    try Typeset { output in
      try TextPages.write(try TextEncoding.decode(ByteFeed(Array(text.utf8)), from: nil), style, to: output)
    }
  }

  static func table(_ text: String, hasHead: Bool = true, _ style: PageStyle = PageStyle()) throws -> Typeset {
    try Typeset { output in
      try TablePages.write(
        ByteFeed(Array(text.utf8)), CSVDocumentReader(hasHeader: hasHead), hasHead: hasHead, style, to: output)
    }
  }

  /// What a program prints of the file; skipped where its package is not installed.
  func run(_ program: String, of package: String, _ arguments: [String]) throws -> String {
    let path = "/usr/bin/\(program)"
    guard FileManager.default.isExecutableFile(atPath: path) else { throw XCTSkip("needs the package \(package)") }
    return try withFile { file in
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments.map { $0 == "FILE" ? file : $0 }
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }
  }

  /// The words that pdftotext finds, page by page.
  func pages() throws -> [[String]] {
    let text = try run("pdftotext", of: "poppler-utils", ["-enc", "UTF-8", "FILE", "-"])
    return text.split(separator: "\u{0C}", omittingEmptySubsequences: false).dropLast().map { page in
      page.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }

  func words() throws -> [String] { try pages().flatMap { $0 } }

  /// Fails where qpdf finds anything wrong.
  func check(file: StaticString = #filePath, line: UInt = #line) throws {
    let report = try run("qpdf", of: "qpdf", ["--check", "FILE"])
    XCTAssertTrue(report.contains("No syntax or stream encoding errors found"), report, file: file, line: line)
    XCTAssertFalse(report.contains("WARNING"), report, file: file, line: line)
  }

  /// The objects of the file as they stand, without what is compressed.
  var source: String { String(decoding: bytes, as: UTF8.self) }

  /// The file with its streams unpacked.
  func unpacked() throws -> String {
    try run("qpdf", of: "qpdf", ["--qdf", "--object-streams=disable", "FILE", "-"])
  }
}
