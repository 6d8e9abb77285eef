import Basics
import DataFormats
import XCTest

@testable import Documents

/// Messages of mail programs, and those that no program wrote.
final class MailTests: XCTestCase {
  private func parsed(_ text: String) throws -> MailPart {
    try MailParser.parse(Array(text.replacing("\r\n", with: "\n").utf8))
  }

  private func written(_ message: MailPart, _ write: (MailWriter) throws -> Void) throws -> String {
    var bytes: [UInt8] = []
    try write(MailWriter(message, to: ByteDrain { bytes += $0 }))
    return String(decoding: bytes, as: UTF8.self)
  }

  private let mixed = """
    From mail@example.com Mon Jan  1 00:00:00 2024
    From: =?iso-8859-1?Q?J=F6rg?= <j@example.com>
    To: a@example.com,
     b@example.com
    Subject: =?UTF-8?B?R3LDvMOf?= =?UTF-8?B?ZQ==?= and more
    Date: Mon, 1 Jan 2024 10:00:00 +0100
    Content-Type: multipart/mixed; boundary="out er"

    preamble
    --out er
    Content-Type: multipart/alternative; boundary=in

    --in
    Content-Type: text/plain; charset=iso-8859-1
    Content-Transfer-Encoding: quoted-printable

    Gr=FC=DFe *all*,
    second line
    --in
    Content-Type: text/html

    <h2>Hi</h2><script>alert(1)</script><a href="javascript:x()">y</a>
    --in--
    --out er
    Content-Type: application/pdf; name="=?utf-8?q?a=2Fb.pdf?="
    Content-Disposition: attachment;
     filename*0*=utf-8''%C3%A4%20;
     filename*1=b.pdf
    Content-Transfer-Encoding: base64

    aGVs
    bG8=
    --out er
    Content-Type: message/rfc822

    Subject: inner

    text
    --out er--
    epilogue
    """

  func testText_HasFieldsTextAndNamesOfFiles() throws {
    XCTAssertEqual(
      try written(parsed(mixed)) { try $0.writeText() },
      """
      From: Jörg <j@example.com>
      To: a@example.com, b@example.com
      Date: Mon, 1 Jan 2024 10:00:00 +0100
      Subject: Grüße and more

      Grüße *all*,
      second line

      Attachments:
      - ä b.pdf (application/pdf, 5 bytes)
      - message.eml (message/rfc822, 20 bytes)

      """)
  }

  func testMarkdown_PrefersHTML_AndShowsTextAsItStands() throws {
    let text = try written(parsed(mixed)) { try $0.writeMarkdown() }
    XCTAssertTrue(text.hasPrefix("# Grüße and more\n\n- **From:** Jörg \\<j@example.com\\>\n"), text)
    XCTAssertTrue(text.contains("\n## Hi\n\ny\n"), text)
    let plain = "Subject: s\n\na *b* <c>\n> q\n- d\n1. e\nhttps://e.com/a_b\n"
    XCTAssertEqual(
      try written(parsed(plain)) { try $0.writeMarkdown() },
      "# s\n\n\na \\*b\\* \\<c\\>\n\n> q\n\n\\- d\\\n1\\. e\\\nhttps://e.com/a_b\n")
  }

  func testHTML_HasNoScriptOfTheMessage() throws {
    let text = try written(parsed(mixed)) { try $0.writeHTML() }
    XCTAssertTrue(text.contains("<h2>Hi</h2>"), text)
    XCTAssertTrue(text.contains("<title>Grüße and more</title>"))
    XCTAssertFalse(text.contains("alert") || text.contains("javascript"))
    let raw = try written(parsed("Subject: <script>x</script>\n\n<script>alert(1)</script>")) { try $0.writeHTML() }
    XCTAssertFalse(raw.contains("<script"), raw)
  }

  func testJSON_HasHeadersTextAndFiles() throws {
    let json = try JSONReader.parse(try written(parsed(mixed)) { try $0.writeJSON() }.utf8)
    XCTAssertEqual(json["subject"]?.string, "Grüße and more")
    XCTAssertEqual(json["text"]?.string, "Grüße *all*,\nsecond line\n")
    XCTAssertEqual(json["attachments"]?[0]?["name"]?.string, "ä b.pdf")
    XCTAssertEqual(json["attachments"]?[0]?["size"]?.integer, 5)
    XCTAssertEqual(json["headers"]?.array?.count, 5)
    XCTAssertEqual(json["cc"], .null)
  }

  func testAttachments_AreTheBytesUnderHarmlessNames() throws {
    let files = MailWriter.attachments(try parsed(mixed))
    XCTAssertEqual(files.map(\.name), ["ä b.pdf", "message.eml"])
    XCTAssertEqual(files.map { String(decoding: $0.part.content, as: UTF8.self) }, ["hello", "Subject: inner\n\ntext"])
    let names = ["../../etc/passwd", "C:\\x\\y.txt", "a\u{202E}b", "...", "", "con\u{7}", "Y.TXT", "a/"]
    let parts = names.map {
      "--b\nContent-Disposition: attachment; filename=\"\($0.replacing("\\", with: "\\\\"))\"\n\nx\n"
    }
    let message = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + parts.joined() + "--b--\n"
    XCTAssertEqual(
      MailWriter.attachments(try parsed(message)).map(\.name),
      ["passwd", "y.txt", "ab", "attachment.txt", "attachment-2.txt", "con", "Y-2.TXT", "a"])
  }

  func testHTML_IsDecodedOnce_ByTheMessageBeforeThePage() throws {
    let meta = "<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-1\"><p>caf"
    let rows: [(String, [UInt8])] = [
      ("; charset=iso-8859-1", [0xE9]), ("; charset=utf-8", [0xC3, 0xA9]), ("", [0xE9]),
    ]
    for (charset, bytes) in rows {
      let head = Array("Subject: s\nContent-Type: text/html\(charset)\n\n\(meta)".utf8)
      let text = try written(MailParser.parse(head + bytes)) { try $0.writeText() }
      XCTAssertEqual(text, "Subject: s\n\ncafé\n", charset)
    }
  }

  func testHTML_InACharsetThatIsNotRead_IsALineThatNamesIt() throws {
    let head = Array("Subject: s\nContent-Type: text/html\n\n<meta charset=shift_jis>".utf8)
    XCTAssertEqual(
      try written(MailParser.parse(head + [0x83, 0x41])) { try $0.writeText() },
      "Subject: s\n\n[This text cannot be shown: the encoding shift_jis is not read here; use UTF-8.]\n")
  }

  func testText_ThatFlows_IsPutTogetherAgain() throws {
    let head = "Subject: s\nContent-Type: text/plain; format=Flowed"
    let rows = [
      (
        ";delsp=no\n\nOne \ntwo.\n fixed\n> a \n> b \n>> c\n -  d\n-- \nMe \nYou\n",
        "One two.\nfixed\n> a b \n>> c\n-  d\n-- \nMe You\n"
      ),
      ("; DelSp=YES\n\n日 \n本  \n語\n", "日本 語\n"), ("\n\na \n-- \nb\n", "a \n-- \nb\n"),
      ("\n\n>a\n>\n\n b \n", "> a\n>\n\nb\n"),
    ]
    for (text, wanted) in rows {
      XCTAssertEqual(try written(parsed(head + text)) { try $0.writeText() }, "Subject: s\n\n" + wanted, text)
    }
    let fixed = "Subject: s\nContent-Type: text/plain\n\na \nb\n"
    XCTAssertEqual(try written(parsed(fixed)) { try $0.writeText() }, "Subject: s\n\na \nb\n")
  }

  func testText_InCharsetsOfEurope_AndOneThatIsNotRead() throws {
    let rows: [(String, [UInt8], String)] = [
      ("koi8-r", [0xF0, 0xD2, 0xC9], "При"), ("Windows-1251", [0xCF, 0xF0, 0xE8], "При"),
      ("iso-8859-2", [0xB1, 0xEA], "ąę"), ("ISO-8859-15", [0xA4], "€"), ("cp1252", [0x80], "€"),
      ("utf-8", [0xE2, 0x82, 0xAC], "€"), ("us-ascii", [0x80], "€"), ("utf-16le", [0xAC, 0x20], "€"),
      ("iso-2022-jp", [0x1B], "[This text is in the charset iso-2022-jp, which is not read here.]"),
    ]
    for (charset, bytes, text) in rows {
      let message = try MailParser.parse(Array("Content-Type: text/plain; charset=\"\(charset)\"\n\n".utf8) + bytes)
      XCTAssertEqual(message.text.replacing("\n", with: ""), text, charset)
    }
  }

  func testHeaderText_KeepsWhatIsNoWord_AndJoinsHalves() {
    func text(_ value: String) -> String { HeaderText.decode(Array(value.utf8)[...]) }
    XCTAssertEqual(text(" a =?utf-8?q?=C3?= =?utf-8?q?=BC?= b =?x"), "a ü b =?x")
    XCTAssertEqual(text("=?utf-8*en?Q?a_b?="), "a b")
    for odd in ["=?utf-8?x?a?=", "=?utf-8?q?a", "=?", "=??=", "=?utf-8?q", "a?=b"] { XCTAssertEqual(text(odd), odd) }
    for odd in ["=?klingon?q?a?=", "=?gb2312?B?xOO6ww==?=", "a =?gb2312?B?xOO6?= =?GB2312?B?ww==?= b"] {
      XCTAssertEqual(text(odd), odd)
    }
    XCTAssertEqual(text("=?utf-8?q?=C3=BC?= a =?klingon?q?b?="), "ü a =?klingon?q?b?=")
    XCTAssertEqual(MailParameters(Array("a; name*=big5''%A4%40.txt".utf8)[...])["name"], "%A4%40.txt")
    XCTAssertEqual(text("a\r\n\tb\u{1}c"), "a\tb c".replacing("\t", with: " "))
  }

  func testParse_RefusesWhatIsNoMail_AndWhatIsTooDeep() throws {
    XCTAssertThrowsError(try parsed("hello\n")) { XCTAssertEqual(($0 as? DataFault)?.kind, .malformed) }
    var deep = "Subject: s\n"
    for number in 0..<40 { deep += "Content-Type: multipart/mixed; boundary=b\(number)\n\n--b\(number)\n" }
    XCTAssertThrowsError(try parsed(deep)) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
    let many = "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 1001)
    XCTAssertThrowsError(try parsed(many)) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
  }

  func testParse_TakesEndsThatAreMissing() throws {
    let open = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nlast"
    XCTAssertEqual(MailReading(try parsed(open)).texts.map(\.text), ["last"])
    XCTAssertEqual(try parsed("Content-Type: multipart/mixed\n\nhi").text, "hi")
    XCTAssertEqual(try parsed("Subject: only").headers["SUBJECT"], "only")
  }
}
