import Foundation
import TestSupport
import XCTest

/// One case of python-multipart's corpus: a body, its boundary, and its parts or that it is refused.
struct MultipartFixture {
  struct Part: Equatable {
    var name = ""
    var isFile = false
    var fileName: String?
    var data: [UInt8] = []
  }

  let name: String
  let body: [UInt8]
  var boundary = ""
  var isRefused = false
  var parts: [Part] = []

  static func all() throws -> [MultipartFixture] {
    let folder = try Corpora.path("python-multipart/http")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    return try names.map { try MultipartFixture(String($0.dropLast(5))) }
  }

  /// Reads the few forms of YAML that the corpus uses.
  private init(_ name: String) throws {
    self.name = name
    body = try Corpora.bytes("python-multipart/http/\(name).http")
    let text = try Corpora.text("python-multipart/http/\(name).yaml")
    var isData = false
    for line in text.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      let words = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      let value = words.count > 1 ? words[1] : ""
      switch words.first {
      case "boundary": boundary = value
      case "error": isRefused = true
      case "- name": parts.append(Part(name: value))
      case "type": parts[parts.count - 1].isFile = value == "file"
      case "file_name": parts[parts.count - 1].fileName = value
      case "expected", "content_type": break
      case "data":
        isData = value == "!!binary |"
        if !isData { addData(value.split(separator: "\"").last.map(String.init) ?? "") }
      default: if isData { addData(line) }
      }
    }
    // The body of this case is framed by another boundary than its description says.
    if name == "single_field_blocks" { boundary = "boundary" }
  }

  private mutating func addData(_ base64: String) {
    parts[parts.count - 1].data += [UInt8](Data(base64Encoded: base64) ?? Data())
  }
}
