import Basics
import XCTest

@testable import Engine

/// The words of mail: both parts, the table of a batch, and nothing that a value could add.
final class MailTests: XCTestCase {
  func testTemplate_FillsPlacesAndSections() {
    let template = MailTemplate(
      "a {{x}}\n{{#rows}}\n- {{n}} {{x}}\n{{/rows}}\n{{#no}}never{{/no}}{{#yes}}[{{yes}}]{{/yes}}", isHTML: true)
    let filled = template.filled([
      "x": .text("<1&\"'>"), "rows": .rows([["n": .text("1")], ["n": .text("2"), "x": .text("own")]]), "no": .text(""),
      "yes": .text("{{x}}"),
    ])
    XCTAssertEqual(filled, "a &lt;1&amp;&quot;&#39;&gt;\n- 1 &lt;1&amp;&quot;&#39;&gt;\n- 2 own\n[{{x}}]")
  }

  func testJobMail_HasIDStatusAndDashboard() {
    let mail = JobMail(jobID: "req_1", batchID: nil, isSuccess: true, dashboard: "https://w.example/admin").text
    XCTAssertEqual(mail.subject, "Job Completion: SUCCESS")
    XCTAssertEqual(
      mail.text,
      """
      Job Completion: SUCCESS

      Job ID: req_1
      Status: success

      The files can be downloaded from the dashboard:
      https://w.example/admin

      """)
    XCTAssertTrue(mail.html.contains("bgcolor=\"#15803d\""))
    XCTAssertTrue(mail.html.contains("<a href=\"https://w.example/admin\">"))
    XCTAssertFalse(mail.html.contains("<th"))
    XCTAssertFalse(mail.html.contains("Batch"))
  }

  func testFailedBatch_HasItsTable() {
    let long = "https://example.com/" + String(repeating: "p", count: 40)
    let mail = JobMail(
      jobID: "req_1", batchID: "bat_2", isSuccess: false, error: "a <b> & c", dashboard: "/admin",
      tasks: [
        .init(url: "https://example.com/" + String(repeating: "p", count: 30), status: "success", output: "a.pdf"),
        .init(url: long, status: "failed", output: nil), .init(url: "<script>", status: "failed", output: nil),
      ]
    ).text
    XCTAssertEqual(mail.subject, "Job Completion: FAILED")
    XCTAssertTrue(mail.html.contains("bgcolor=\"#b91c1c\""))
    XCTAssertTrue(mail.html.contains("<strong>Batch ID:</strong> bat_2"))
    XCTAssertTrue(mail.html.contains("a &lt;b&gt; &amp; c"))
    XCTAssertEqual(mail.html.matches(of: /<tr><td>\d<\/td>/).count, 3)
    let whole = "https://example.com/" + String(repeating: "p", count: 30)
    XCTAssertTrue(mail.html.contains("<tr><td>1</td><td>\(whole)</td><td>success</td><td>a.pdf</td></tr>"))
    XCTAssertTrue(mail.html.contains("<td>\(long.prefix(49))…</td>"))
    XCTAssertTrue(mail.html.contains("<td>&lt;script&gt;</td>"))
    XCTAssertTrue(mail.text.contains("#1  \(whole)\n    success, a.pdf\n"), mail.text)
    XCTAssertTrue(mail.text.contains("#3  <script>\n    failed\n"), mail.text)
  }

  func testMessage_HasTheFieldsOnceAndNoBareLineEnd() throws {
    let text = MailText(subject: "ü\r\nBcc: a@b.example", text: ".\r\n..\n\0x", html: "<p>")
    let message = String(
      decoding: text.message(to: "jo@example.com", at: .init(milliseconds: 1_773_302_400_000)), as: UTF8.self)
    let end = try XCTUnwrap(message.firstRange(of: "\r\n\r\n"))
    let head = message[..<end.lowerBound].split(separator: "\r\n")
    XCTAssertEqual(
      head.map { $0.prefix { $0 != ":" } },
      ["To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"])
    XCTAssertEqual(head[2], "Date: Thu, 12 Mar 2026 08:00:00 +0000")
    XCTAssertFalse(message.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
    XCTAssertTrue(message.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
  }
}
