import XCTest

@testable import Basics

final class MailSettingsTests: XCTestCase {
  func testServer_IsReadWithItsPortSecurityAndUser() throws {
    let cases: [(String, String, MailServer.Security, String?, String?)] = [
      ("smtp://mail.example", "smtp://mail.example:587", .startTLS, nil, nil),
      ("smtps://mail.example", "smtps://mail.example:465", .tls, nil, nil),
      (
        "smtp://jo%40example.com:p%3A%2f@mail.example:25/", "smtp://mail.example:25", .startTLS, "jo@example.com", "p:/"
      ),
      ("smtp://a:b@c@mail.example", "smtp://mail.example:587", .startTLS, "a", "b@c"),
      ("smtp://localhost:25", "smtp://localhost:25", .none, nil, nil),
      ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25", .none, nil, nil),
      ("smtp://[::1]:25", "smtp://[::1]:25", .none, nil, nil),
      ("smtps://127.0.0.1", "smtps://127.0.0.1:465", .tls, nil, nil),
      ("smtp://[2001:db8::1]", "smtp://[2001:db8::1]:587", .startTLS, nil, nil),
      ("smtp://127.1:25", "smtp://127.1:25", .startTLS, nil, nil),
    ]
    for (text, shown, security, user, password) in cases {
      let server = try XCTUnwrap(MailServer(text), text)
      XCTAssertEqual("\(server)", shown)
      XCTAssertEqual(server.security, security, text)
      XCTAssertEqual(server.user, user, text)
      XCTAssertEqual(server.password, password, text)
    }
    for text in [
      "", "mail.example", "http://mail.example", "smtp://", "smtp://mail.example:0", "smtp://mail.example:x",
      "smtp://jo@mail.example", "smtp://:p@mail.example", "smtp://a:%0d%0a@mail.example", "smtp://a:%zz@mail.example",
      "smtp://mail.example/path", "smtp://mail example", "smtp://mail.example\r\nX", "smtp://[::1", "smtp://ü.example",
    ] {
      XCTAssertNil(MailServer(text), text)
    }
  }

  func testAddress_IsOneAndOfOneWord() {
    for text in ["jo@example.com", "jo.b+tag=1@sub.example-a.com", "o'neil@xn--bcher-kva.example"] {
      XCTAssertNil(MailAddress.problem(of: text), text)
    }
    for text in [
      "", "jo", "@example.com", "jo@", "jo@example", "a@b@c.de", "jo @example.com", "jo@example.com\r\nBcc: x@y.zz",
      "jo@exa mple.com", "jo@example.com,x@y.zz", "<jo@example.com>", "jo@-a.example", "jo@a..example", ".jo@a.example",
      "j..o@a.example", "jo@a.example%0d%0a", "jo@bücher.example", "jo@[127.0.0.1]", "jo@a.example\u{0}",
      String(repeating: "a", count: 250) + "@b.cc",
    ] {
      XCTAssertNotNil(MailAddress.problem(of: text), text)
    }
  }

  func testSender_IsAnAddressWithOrWithoutAName() throws {
    for (text, name, address) in [
      ("noreply@example.com", "", "noreply@example.com"), ("Wonder <n@example.com>", "Wonder", "n@example.com"),
      ("Wörter, GmbH <n@example.com>", "Wörter, GmbH", "n@example.com"), ("<n@example.com>", "", "n@example.com"),
    ] {
      let sender = try XCTUnwrap(MailSender(text), text)
      XCTAssertEqual(sender.name, name)
      XCTAssertEqual(sender.address, address)
      XCTAssertEqual(sender.domain, "example.com")
    }
    for text in [
      "", "n", "a b@example.com", "W <n@example.com", "W\r\nBcc: x@example.com <n@example.com>", "W n@e.com",
    ] {
      XCTAssertNil(MailSender(text), text)
    }
  }

  func testEncodedWord_KeepsFieldsOnOneLineAndWordsShort() {
    XCTAssertEqual(EncodedWord.text("Job Completion: SUCCESS"), "Job Completion: SUCCESS")
    XCTAssertEqual(EncodedWord.text("ü"), "=?UTF-8?B?w7w=?=")
    XCTAssertEqual(EncodedWord.text("a\r\nBcc: x"), "a  Bcc: x")
    XCTAssertEqual(EncodedWord.text("=?UTF-8?Q?a?="), "=?UTF-8?B?PT9VVEYtOD9RP2E/PQ==?=")
    XCTAssertEqual(EncodedWord.name("Wonder Server"), "Wonder Server")
    XCTAssertTrue(EncodedWord.name("a\" <b@c.de>").hasPrefix("=?UTF-8?B?"))
    let long = EncodedWord.text(String(repeating: "日本語", count: 40))
    for line in long.split(separator: "\r\n") { XCTAssertLessThanOrEqual(line.utf8.count, 76) }
  }

  func testSettings_RefuseWhatIsNoServerOrSender() {
    for (name, value) in [("WONDER_SMTP_URL", "mail.example:25"), ("WONDER_MAIL_FROM", "somebody")] {
      XCTAssertThrowsError(try Settings(environment: [name: value])) { error in
        XCTAssertTrue("\(error)".contains("or nothing"), "\(error)")
      }
    }
    XCTAssertThrowsError(try Settings(environment: ["WONDER_SMTP_URL": "smtp://a:s3cret@x y"])) { error in
      XCTAssertFalse("\(error)".contains("s3cret"), "\(error)")
    }
  }
}
