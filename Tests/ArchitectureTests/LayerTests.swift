import Foundation
import XCTest

/// The layer table of docs/architecture.md, checked against what the files really import and how long they are.
final class LayerTests: XCTestCase {
  /// What a module may import besides the toolchain's own modules.
  static let layers: [String: Set<String>] = [
    "Basics": ["CSystem", "CResources"],
    "HTTP": ["Basics", "CSystem"],
    "Outbound": ["Basics", "CCurl"],
    "Storage": ["Basics", "CSQLite"],
    "DataFormats": ["Basics"],
    "Markup": ["Basics", "DataFormats"],
    "Archives": ["Basics", "CImage", "CSystem"],
    "Documents": ["Basics", "DataFormats", "Markup", "Archives"],
    "Formats": ["Basics", "CSystem"],
    "Pictures": ["Basics", "Formats", "CImage", "CSystem"],
    "Typesetting": ["Basics", "DataFormats", "Markup", "Formats", "Pictures"],
    "Conversion": [
      "Basics", "Formats", "Pictures", "DataFormats", "Markup", "Archives", "Documents", "Typesetting", "Outbound",
      "CSystem",
    ],
    "Engine": ["Basics", "Storage", "Formats", "Conversion", "Outbound"],
    "Outbox": ["Basics", "Storage", "Outbound"],
    "Dialects": ["Basics", "HTTP", "Storage", "Engine", "Outbox"],
    "Dashboard": ["Basics", "HTTP", "Storage", "Engine"],
    "Appliance": [
      "Basics", "HTTP", "Outbound", "Storage", "Formats", "Pictures", "Conversion", "Engine", "Outbox", "Dialects",
      "Dashboard", "CSystem",
    ],
    "wonder": ["Appliance"],
    "TestSupport": [
      "Basics", "HTTP", "Storage", "Formats", "Conversion", "Engine", "Dialects", "Dashboard", "Appliance",
    ],
  ]
  static let toolchain: Set<String> = ["Glibc", "Synchronization", "Dispatch", "FoundationEssentials"]

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  func testImports_StayInTheirLayer() throws {
    for file in try swiftFiles(below: "Sources") {
      let module = file.path.split(separator: "/").first.map(String.init) ?? ""
      var allowed = try XCTUnwrap(Self.layers[module], "no row for \(module)").union(Self.toolchain)
      if module == "TestSupport" { allowed.insert("XCTest") }
      for imported in file.imports {
        XCTAssertTrue(allowed.contains(imported), "Sources/\(file.path) imports \(imported)")
      }
    }
  }

  func testFiles_HaveAtMost400Lines() throws {
    for folder in ["Sources", "Tests", "Resources"] {
      for file in try sourceFiles(below: folder) where file.lines > 400 {
        XCTFail("\(folder)/\(file.path) has \(file.lines) lines")
      }
    }
  }

  /// A text that a reader sees stands whole in its line, however long; it counts as none.
  func testScripts_HaveNoLineBeyond130Characters_ButForTexts() throws {
    for file in try sourceFiles(below: "Resources") where file.path.hasSuffix(".js") {
      for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.count > 130 {
        let code = line.replacing(/`[^`]*`|"[^"]*"|'[^']*'/, with: "\"\"").replacing(/[`"][^`"]*$/, with: "\"")
        XCTAssertLessThanOrEqual(code.count, 130, "Resources/\(file.path):\(number + 1)")
        let isComment = ["//", "/*", "*"].contains { line.drop { $0 == " " }.hasPrefix($0) }
        XCTAssertFalse(isComment, "Resources/\(file.path):\(number + 1)")
      }
    }
  }

  func testPackage_DeclaresTheSameLayers() throws {
    let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let rows = manifest.replacing(/\s+/, with: " ")
    for (module, allowed) in Self.layers where !["wonder", "TestSupport"].contains(module) {
      let row = try XCTUnwrap(
        rows.firstMatch(of: try Regex("module\\( ?\"\(module)\", \\[([^\\]]*)\\]")), "no target \(module)")
      let text = String(row[1].substring ?? "")
      let declared = Set(text.matches(of: /"(\w+)"/).map { String($0.1) })
      XCTAssertEqual(declared, allowed, module)
    }
  }

  func testProductCode_NeverEscapesTheCompilersChecks() throws {
    let escapes = ["try!", "as!", "nonisolated(unsafe)", "fatalError("]
    for file in try swiftFiles(below: "Sources") {
      for escape in escapes {
        XCTAssertFalse(file.text.contains(escape), "Sources/\(file.path) has \(escape)")
      }
    }
  }

  /// A thread that cannot be had is a server that does not start or work that is refused, not the end of the process.
  func testThreads_AreAskedForWithAnAnswerForWhenThereAreNone() throws {
    let product = try swiftFiles(below: "Sources").filter { !$0.path.hasPrefix("TestSupport/") }
    XCTAssertEqual(product.filter { $0.text.contains("ServiceThread(\"") }.map(\.path), [])
  }

  /// Requirement G4: nothing reaches another machine but by the two makers of libcurl's handles and the dialler of pages.
  func testOtherMachines_AreDialledInThreePlaces() throws {
    let makers = try swiftFiles(below: "Sources").filter { $0.text.contains("curl_easy_init") }.map(\.path)
    XCTAssertEqual(makers.sorted(), ["Outbound/MailTransfer.swift", "Outbound/Transfer.swift"])
    let dialers = try sourceFiles(below: "Sources").filter {
      $0.text.contains("connect(") && $0.text.contains("AF_INET")
    }
    XCTAssertEqual(
      dialers.map(\.path).filter { !$0.hasPrefix("TestSupport/") }, ["Outbound/Pages/PageDial.swift"])
  }

  /// Decoders may ask nothing by a path, and the C library asks about an open file by an empty one.
  func testDecoders_AskAboutOpenFilesByTheirDescriptorAlone() throws {
    for folder in ["Sources/CImage", "Sources/Formats", "Sources/Pictures", "Sources/Conversion"] {
      // What is done by the server, or beside a program, is no decoder's.
      for file in try sourceFiles(below: folder)
      where !["Workers/", "Remote/"].contains(where: file.path.hasPrefix) && !file.path.contains("Tools/") {
        for call in [" fstat(", "(fstat(", " stat(&", "fstatat(", " lstat("] {
          XCTAssertFalse(file.text.contains(call), "\(folder)/\(file.path) calls\(call)")
        }
      }
    }
  }

  private struct SourceFile {
    let path: String
    let text: String
    var lines: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }
    var imports: [String] {
      text.matches(of: /(?m)^(?:@\w+ )?(?:(?:package|internal|private|fileprivate|public) )?import (?:\w+ )?(\w+)/)
        .map { String($0.1) }
    }
  }

  private func swiftFiles(below folder: String) throws -> [SourceFile] {
    try sourceFiles(below: folder).filter { $0.path.hasSuffix(".swift") }
  }

  private func sourceFiles(below folder: String) throws -> [SourceFile] {
    let base = Self.root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    let endings = [".swift", ".c", ".h", ".sql", ".js", ".css", ".html"]
    return try paths.filter { path in endings.contains { path.hasSuffix($0) } }.map { path in
      SourceFile(path: path, text: try String(contentsOf: base.appending(path: path), encoding: .utf8))
    }
  }
}
