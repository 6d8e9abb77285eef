import Foundation
import XCTest

/// Two folders of one module never know each other in a circle, by the names of the types that their files use.
final class FolderTests: XCTestCase {
  /// A file of a module, with the text that is code.
  private struct CodeFile {
    let folder: String
    let name: String
    let code: String

    /// Types that others can name without a prefix.
    var declared: Set<String> {
      let pattern =
        /(?m)^(?:@\w+(?:\([^)]*\))? )*(?:package |public )?(?:final |indirect )*(?:class|struct|enum|protocol|typealias|actor) (\w+)/
      return Set(code.matches(of: pattern).map { String($0.1) })
    }

    /// Types of others that it names; one of its own of the same name is not meant.
    var used: Set<String> {
      let own = Set(code.matches(of: /\b(?:class|struct|enum|protocol|typealias|actor) (\w+)/).map { String($0.1) })
      return Set(code.matches(of: /(?:^|[^.\w])([A-Z]\w*)/).map { String($0.1) }).subtracting(own)
    }

    init(folder: String, name: String, text: String) {
      self.folder = folder
      self.name = name
      code = text.replacing(/\/\/[^\n]*/, with: "").replacing(/"""[\s\S]*?"""/, with: "")
        .replacing(/"(\\.|[^"\\\n])*"/, with: "")
    }
  }

  func testFolders_OfAModule_KnowEachOtherInNoCircle() throws {
    let sources = LayerTests.root.appending(path: "Sources")
    var seen = 0
    for module in try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted() {
      let files = try files(of: sources.appending(path: module))
      seen += files.count
      let uses = uses(files)
      for folder in uses.keys.sorted() {
        if let circle = circle(from: folder, uses) {
          let steps = zip(circle, circle.dropFirst()).map { "\($0) uses \($1) (\(uses[$0]?[$1] ?? ""))" }
          XCTFail("\(module): \(steps.joined(separator: ", "))")
          break
        }
      }
    }
    XCTAssertGreaterThan(seen, 500, "the files are somewhere else")
  }

  private func files(of module: URL) throws -> [CodeFile] {
    try FileManager.default.subpathsOfDirectory(atPath: module.path).filter { $0.hasSuffix(".swift") }.map { path in
      let parts = path.split(separator: "/").map(String.init)
      return CodeFile(
        folder: parts.dropLast().joined(separator: "/"), name: parts.last ?? "",
        text: try String(contentsOf: module.appending(path: path), encoding: .utf8))
    }
  }

  /// What each folder uses of the others, with one use as an example.
  private func uses(_ files: [CodeFile]) -> [String: [String: String]] {
    var owner: [String: String] = [:]
    for file in files { for type in file.declared { owner[type] = file.folder } }
    var uses: [String: [String: String]] = [:]
    for file in files {
      for type in file.used.sorted() {
        if let other = owner[type], other != file.folder {
          uses[file.folder, default: [:]][other] = "\(file.name): \(type)"
        }
      }
    }
    return uses
  }

  /// The way from a folder back to itself, if there is one.
  private func circle(from start: String, _ uses: [String: [String: String]]) -> [String]? {
    var ways = [[start]]
    var seen: Set<String> = []
    while let way = ways.popLast() {
      for next in (way.last.flatMap { uses[$0] } ?? [:]).keys.sorted() {
        if next == start { return way + [next] }
        if seen.insert(next).inserted { ways.append(way + [next]) }
      }
    }
    return nil
  }
}
