import Basics
import Formats
import XCTest

@testable import Conversion

/// Several files in one output, and children that lie about them.
final class PartSplitterTests: XCTestCase {
  private final class Others {
    var files: [TestFile] = []
  }

  private func split(_ content: [UInt8], _ list: String, at place: Int64? = nil) throws -> [(FilePart?, [UInt8])] {
    let (source, output) = (try TestFile(), try TestFile(content + Array(list.utf8)))
    let others = Others()
    let step = try XCTUnwrap(Catalogue.standard.path(from: .zip, to: .files, options: ConversionOptions())?.first)
    let order = Order(
      step: step, conversion: Conversion(from: .zip, to: .files),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: .seconds(1),
      mostBytes: .max
    ) { () throws(ConversionFailure) in
      guard let file = try? TestFile([9, 9, 9]) else { throw ConversionFailure(.internalError, "no file") }
      others.files.append(file)
      return file.descriptor
    }
    let outcome = ConversionOutcome(
      size: Int64(content.count + list.utf8.count), width: nil, height: nil, sha256: [], warnings: [.entriesLeftOut])
    let made = try PartSplitter(outcome, list: place ?? Int64(content.count), order).files()
    XCTAssertEqual(made.flatMap(\.outcome.warnings), [.entriesLeftOut])
    let all = [output] + others.files
    return zip(made, all).map { made, file in
      XCTAssertEqual(made.descriptor, file.descriptor)
      XCTAssertEqual(made.outcome.sha256, SHA256.digest(file.bytes))
      XCTAssertEqual(made.outcome.size, Int64(file.bytes.count))
      return (made.part, file.bytes)
    }
  }

  func testSplit_GivesEachPartAFileOfItsOwn() throws {
    let parts = [
      FilePart(name: "a", format: .txt, size: 2), FilePart(name: "d/b", format: nil, size: 0),
      FilePart(name: nil, format: .png, size: 3),
    ]
    let made = try split([1, 2, 3, 4, 5], FilePart.text(parts))
    XCTAssertEqual(made.map(\.0), parts)
    XCTAssertEqual(made.map(\.1), [[1, 2], [], [3, 4, 5]])
    XCTAssertEqual(try split([1], FilePart.text([FilePart(name: "a", format: nil, size: 1)])).map(\.1), [[1]])
  }

  func testSplit_RefusesListsThatDoNotFitTheOutput() {
    let lists = [
      "", "[]", "{}", "nonsense", #"[{"name":"a","size":2}]"#, #"[{"name":"a","size":-1},{"name":"b","size":4}]"#,
      #"[{"name":"a","size":4}]"#, #"[{"name":"../a","size":3}]"#, #"[{"name":"/a","size":3}]"#,
      #"[{"name":"a\u0000","size":3}]"#, #"[{"name":"","size":3}]"#, #"[{"name":"a"}]"#,
      #"[{"name":"a","size":9223372036854775807},{"name":"b","size":4}]"#, #"[{"name":"a","size":3}] "# + "x",
      "[" + [String](repeating: #"{"size":0}"#, count: 1001).joined(separator: ",") + "]",
      #"[{"name":"\#(String(repeating: "a", count: 256))","size":3}]"#,
    ]
    for list in lists {
      XCTAssertEqual(failure { _ = try split([1, 2, 3], list) }?.code, .converterDied, String(list.prefix(60)))
    }
    let right = #"[{"name":"a","size":3}]"#
    for place: Int64 in [-1, 2, 4, 1000] {
      XCTAssertEqual(failure { _ = try split([1, 2, 3], right, at: place) }?.code, .converterDied, "\(place)")
    }
  }

  func testReport_OfAListOutsideOfTheOutput_IsNone() {
    let hash = String(repeating: "0", count: 64)
    for (list, isOne) in [("5", true), ("0", true), ("null", true), ("10", false), ("-1", false)] {
      let text = #"{"size":10,"sha256":"\#(hash)","list":\#(list)}"#
      let document = try? JSONReader.parse(text.utf8)
      XCTAssertEqual(document.flatMap(ChildReport.init) != nil, isOne, list)
    }
  }
}
