import DataFormats
import XCTest

final class DataConversionTests: XCTestCase {
  func testConversion_GoesRoundThroughEveryFormat() {
    let json = #"[{"a":"1","b":"x,\"é\""},{"a":"","b":"l\nl"}]"#
    for format in [DataFormat.json, .ndjson, .csv, .tsv] {
      XCTAssertEqual(converted(converted(json, .json, format), format, .json) { $0.compact = true }, json)
    }
  }

  func testConversion_ReadsTheFeedFromItsBeginning() throws {
    let feed = ByteFeed(Array(#"[{"a":1}]"#.utf8))
    for _ in 0..<2 {
      var made: [UInt8] = []
      try DataConversion(from: .json, to: .csv).run(feed, into: ByteDrain { made += $0 })
      XCTAssertEqual(String(decoding: made, as: UTF8.self), "a\r\n1\r\n")
    }
  }

  func testConversion_EndsWithWhatTheDrainThrows() {
    struct Full: Error {}
    let drain = ByteDrain { _ in throw Full() }
    XCTAssertThrowsError(try DataConversion(from: .json, to: .json).run(ByteFeed([0x31]), into: drain)) {
      XCTAssertTrue($0 is Full)
    }
  }

  func testOptions_AreSetByName() throws {
    var options = DataOptions()
    let rows = [
      ("typed", "yes"), ("header", "no"), ("delimiter", "tab"), ("quote", "'"), ("encoding", "utf-16le"),
      ("requires-rows", "true"), ("indent", "4"), ("compact", "1"), ("refuse-duplicates", "yes"), ("root", "r"),
      ("item", "i"), ("attribute-prefix", ""),
    ]
    XCTAssertEqual(rows.map(\.0), DataOptions.names)
    for (name, value) in rows { try options.set(name, to: value) }
    var wanted = DataOptions()
    wanted.typed = true
    wanted.header = false
    wanted.delimiter = 0x09
    wanted.quote = 0x27
    wanted.encoding = .utf16LittleEndian
    wanted.requiresRows = true
    wanted.indent = 4
    wanted.compact = true
    wanted.refusesDuplicates = true
    (wanted.root, wanted.item, wanted.attributePrefix) = ("r", "i", "")
    XCTAssertEqual(options, wanted)
  }

  /// Name, value, and what the sentence has in it.
  func testOptions_AreRefusedWithWhatTheyMayBe() {
    let cases = [
      ("colour", "red", "there is no option ‘colour’; there are typed, header"), ("typed", "maybe", "yes or no"),
      ("delimiter", "ab", "one character of ASCII"), ("delimiter", "\n", "one character of ASCII"),
      ("indent", "9", "a number from 0 to 8"), ("encoding", "ebcdic", "utf-8, utf-8-bom, utf-16le"),
      ("root", "", "a name"),
    ]
    for (name, value, part) in cases {
      var options = DataOptions()
      XCTAssertThrowsError(try options.set(name, to: value)) {
        XCTAssertTrue((($0 as? DataFault)?.sentence ?? "").contains(part), "\($0)")
      }
    }
  }

  func testOptions_RefuseADelimiterThatIsTheQuoteOrALinesEnd() {
    let same = converted("a", .csv, .json) { $0.delimiter = $0.quote }
    XCTAssertEqual(same, "the delimiter and the quote are one character, and must be two")
    let end = converted("a", .csv, .json) { $0.delimiter = 0x0A }
    XCTAssertEqual(end, "the delimiter and the quote must be visible characters of ASCII, or a tab")
  }
}
