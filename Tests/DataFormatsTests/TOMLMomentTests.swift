import DataFormats
import XCTest

final class TOMLMomentTests: XCTestCase {
  private func read(_ text: String) throws -> DataValue? {
    var tree = DataTree()
    try TOMLReader().read(ByteFeed(Array("a = \(text)".utf8)), into: &tree)
    guard case .object(let members)? = tree.values.first else { return nil }
    return members.first?.value
  }

  func testMoment_HasOneOfFourKinds() throws {
    let moments: [(String, String, TOMLMoment)] = [
      ("1979-05-27 07:32:00z", "1979-05-27T07:32:00Z", .offsetDateTime),
      ("1979-05-27t00:32:00.999999-07:00", "1979-05-27T00:32:00.999999-07:00", .offsetDateTime),
      ("1979-05-27T07:32:00", "1979-05-27T07:32:00", .localDateTime), ("1979-05-27", "1979-05-27", .localDate),
      ("07:32:00.50", "07:32:00.50", .localTime), ("2000-02-29", "2000-02-29", .localDate),
      ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z", .offsetDateTime),
      ("2017-01-01T05:29:60+05:30", "2017-01-01T05:29:60+05:30", .offsetDateTime),
    ]
    for (text, told, kind) in moments {
      XCTAssertEqual(try read(text), .scalar(.moment(told)))
      XCTAssertEqual(TOMLMoment(told), kind)
    }
    XCTAssertNil(TOMLMoment("1979-05-27 07:32:00"))
    XCTAssertNil(TOMLMoment("soon"))
  }

  func testMoment_IsRefusedWhereThereIsNone() {
    for text in [
      "2001-02-29", "1900-02-29", "2000-04-31", "2000-00-01", "2000-13-01", "2000-01-00", "2000-1-01", "24:00:00",
      "23:60:00", "23:59:61",
      "2016-12-31T12:34:60Z", "12:34:60", "07:32", "07:32:00.", "07:32:00Z", "1979-05-27T07:32Z",
      "1979-05-27T07:32:00+7:00",
      "1979-05-27T07:32:00+24:00", "1979-05-27T07:32:00+07:60", "1979-05-27T", "1979-05-27 07", "10000-01-01",
      "1979-05-27T07:32:00ZZ",
      "1979-05-27  07:32:00", "1979-05-2707:32:00", "1979-05-27T07:32:00 Z",
    ] {
      XCTAssertThrowsError(try read(text), text)
    }
  }
}
