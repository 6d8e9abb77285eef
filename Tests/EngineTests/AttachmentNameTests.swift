import XCTest

@testable import Engine

final class AttachmentNameTests: XCTestCase {
  private func name(_ value: String) -> String? { AttachmentName.read(Array(value.utf8)) }

  func testNames_AreReadAsBrowsersReadThem() {
    let cases: [(String, String?)] = [
      (#" attachment; filename="real name.png""#, "real name.png"), ("attachment;filename=a.png\r\n", "a.png"),
      (#"inline; FileName="a \"b\".png"; size=5"#, #"a "b".png"#), (#"attachment; filename="a;b=c.png""#, "a;b=c.png"),
      (#"attachment; filename="x.png"; filename*=UTF-8''na%C3%AFve.png"#, "na\u{ef}ve.png"),
      (#"attachment; filename*=UTF-8'en'%e2%82%ac.png; filename="x.png""#, "\u{20ac}.png"),
      (#"attachment; filename="x.png"; filename*=UTF-8''%ZZ"#, "x.png"), ("attachment; filename*=latin1''a", nil),
      ("attachment", nil), ("", nil), (#"attachment; filename="""#, nil), ("attachment; name=a.png", nil),
      (#"attachment; filename="open"#, "open"), (";;;=;", nil),
    ]
    for (value, expected) in cases { XCTAssertEqual(name(value), expected, value) }
  }

  func testNameInAnotherEncoding_IsRepaired() {
    XCTAssertEqual(
      AttachmentName.read(Array("attachment; filename=\"na".utf8) + [0xEF] + Array("ve.png\"".utf8)), "na\u{ef}ve.png")
  }
}
