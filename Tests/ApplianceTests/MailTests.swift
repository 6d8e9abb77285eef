import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// Mail of a whole appliance to a real receiver: about jobs, about access, and what becomes of refusals.
final class MailTests: XCTestCase {
  private func receiver(_ answer: @escaping @Sendable (String) -> String? = { _ in nil }) throws -> MailReceiver {
    let receiver = try MailReceiver(answer: answer)
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func server(_ receiver: MailReceiver, plan: String = "enterprise", clock: Clock = .system) throws
    -> TestServer
  {
    try TestServer(
      settings: [
        "WONDER_SMTP_URL": receiver.url, "WONDER_MAIL_FROM": "Wörter <noreply@w.example>",
        "WONDER_PUBLIC_URL": "https://w.example",
      ], clock: clock, plan: plan)
  }

  private func form(_ bytes: [UInt8], to address: String = "team@client.example") -> MultipartForm {
    MultipartForm.conversion().field("notification_email", address).file("files[]", "photo.png", bytes)
  }

  func testJob_IsMailedWhenItHasEnded() throws {
    let receiver = try receiver()
    let server = try server(receiver)
    let id = try server.submit(form(SamplePictures.photo)).json["request_id"]?.string ?? ""
    let good = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertEqual(good.from, "noreply@w.example")
    XCTAssertEqual(good.to, ["team@client.example"])
    XCTAssertEqual(
      good.head.map { String($0.prefix { $0 != ":" }) },
      ["From", "Message-ID", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"])
    XCTAssertEqual(good.head.first, "From: =?UTF-8?B?V8O2cnRlcg==?= <noreply@w.example>")
    XCTAssertNotNil(good.head[1].wholeMatch(of: /Message-ID: <evt_[0-9a-f-]{36}@w\.example>/), good.head[1])
    XCTAssertEqual(good.head[3], "Subject: Job Completion: SUCCESS")
    XCTAssertTrue(good.part("plain").contains("Job ID: \(id)\nStatus: success\n"), good.part("plain"))
    XCTAssertTrue(good.part("html").contains("https://w.example/admin"))

    let damaged = try server.submit(form(Array(SamplePictures.photo.prefix(2000)))).json["request_id"]?.string ?? ""
    let bad = try XCTUnwrap(receiver.wait(for: 2).last)
    XCTAssertTrue(bad.head.contains("Subject: Job Completion: FAILED"))
    XCTAssertTrue(bad.part("plain").contains("Job ID: \(damaged)\nStatus: failed\nReason: "), bad.part("plain"))
    let listed = try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?[0]
    XCTAssertEqual(listed?["url"]?.string, "mailto:team@client.example")
    XCTAssertEqual(listed?["event"]?.string, "job.completed")
  }

  func testJob_IsNotMailedWhenTheWorkspaceOrTheSettingsSayNo() throws {
    let receiver = try receiver()
    let on = try server(receiver)
    XCTAssertEqual(try on.admin("GET", "/workspaces/api-workspace").json["workspace"]?["mail"]?.string, "on")
    XCTAssertEqual(try on.admin("PATCH", "/workspaces/api-workspace", #"{"mail":"maybe"}"#).status, 422)
    XCTAssertEqual(try on.admin("PATCH", "/workspaces/api-workspace", #"{"mail":"off"}"#).status, 200)
    XCTAssertEqual(try on.admin("GET", "/workspaces/api-workspace").json["workspace"]?["mail"]?.string, "off")
    for server in [on, try TestServer()] {
      let id = try server.submit(form(SamplePictures.photo)).json["request_id"]?.string ?? ""
      _ = try server.ended(id)
      XCTAssertEqual(try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"], .array([]))
    }
    XCTAssertEqual(receiver.commands, [])
  }

  func testJob_WithAPlanThatHasNoMailOrABadAddress_IsRefused() throws {
    let receiver = try receiver()
    let server = try TestServer(prepare: { database in
      for column in Plans.columns where column.name == "allows_mail" {
        try Plans.set("enterprise", column, to: 0, in: database)
      }
    })
    let refused = try server.submit(form(SamplePictures.photo))
    XCTAssertEqual(refused.status, 403)
    let json = #"{"conversion_type":"image","from":"png","to":"jpg","notification_email":"a@b.example","inputs":[]}"#
    let asked = try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")], body: Array(json.utf8))
    XCTAssertEqual(asked.json["errors"]?.members?.map(\.name), ["inputs"], asked.text)
    XCTAssertTrue(refused.text.contains("E-mail notification"), refused.text)
    let bad = try self.server(receiver).submit(form(SamplePictures.photo, to: "a@b.example, c@d.example"))
    XCTAssertEqual(bad.status, 422)
    XCTAssertEqual(bad.json["errors"]?.members?.map(\.name), ["notification_email"])
  }

  /// A mail of a job that is sent again, after the server refused it for good.
  func testRefusedForGood_CanBeReplayed() throws {
    // A moment that the test moves tells before from after.
    let refuses = FixedClock()
    let start = refuses.now
    let receiver = try receiver { $0.hasPrefix("RCPT") && refuses.now == start ? "550 no such user" : nil }
    let server = try server(receiver)
    let id = try server.submit(form(SamplePictures.photo)).json["request_id"]?.string ?? ""
    var delivery: JSONValue?
    repeat {
      delivery = try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?[0]
    } while delivery?["status"]?.string != "failed"
    XCTAssertEqual(delivery?["last_error"]?.string, "answered with status 550")
    XCTAssertEqual(delivery?["history"]?[0]?["response"]?.string, "550 no such user\r\n")
    refuses.advance(by: .seconds(1))
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed").json["replayed"]?.array?.count, 1)
    XCTAssertTrue(try XCTUnwrap(receiver.wait(for: 1).first).part("plain").contains(id))
  }

  /// One mail with a table for a batch that becomes one file; one for each job of any other.
  func testBatch_IsMailedAsOneOrJobByJob() throws {
    let receiver = try receiver()
    let server = try server(receiver)
    func submit(_ mode: String) throws -> TestReply {
      let form = MultipartForm().field("to", "jpg").field("mode", mode)
        .field("notification_email", "team@client.example").file("files[]", "a.png", SamplePictures.photo)
        .file("files[]", "b&c.png", Array(SamplePictures.photo.prefix(2000)))
      let reply = try server.client.send(
        "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
      XCTAssertEqual(reply.status, 202, reply.text)
      return reply
    }
    let zip = try submit("zip").json["batch_id"]?.string ?? ""
    let one = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertTrue(one.part("plain").contains("Batch ID: \(zip)\n"), one.part("plain"))
    XCTAssertTrue(one.part("plain").contains("#1  a.png\n    success, a.jpg\n"), one.part("plain"))
    XCTAssertTrue(one.part("html").contains("<td>b&amp;c.png</td><td>failed</td><td></td>"), one.part("html"))
    let individual = try submit("individual").json["batch_id"]?.string ?? ""
    let two = receiver.wait(for: 3).dropFirst()
    XCTAssertEqual(two.count, 2)
    for mail in two {
      XCTAssertTrue(mail.part("plain").contains("Batch ID: \(individual)\n"))
      XCTAssertTrue(mail.part("plain").contains("Job ID: req_"))
      XCTAssertFalse(mail.part("plain").contains("#1"))
    }
  }

  func testTestMail_AnswersWithWhatTheServerSaid() throws {
    let cases: [(when: String, says: String, status: String, error: String?)] = [
      ("none", "", "delivered", nil), ("RCPT", "550 no", "failed", "answered with status 550"),
      ("RCPT", "451 later", "waiting", "answered with status 451"),
      ("", "421 busy", "waiting", "answered with status 421"),
      (".", "552 too big", "failed", "answered with status 552"),
      ("", "220", "delivered", nil), ("", "554 go away", "failed", "answered with status 554"),
      ("MAIL", "530 sign in", "failed", "answered with status 530"),
    ]
    for (when, says, status, error) in cases {
      let receiver = try receiver { line in
        when.isEmpty ? (line.isEmpty ? says : nil) : (line.hasPrefix(when) ? says : nil)
      }
      let server = try server(receiver)
      let reply = try server.admin("POST", "/mail/test", #"{"to":"ops@w.example"}"#)
      XCTAssertEqual(reply.status, 200)
      XCTAssertEqual(reply.json["delivery"]?["status"]?.string, status, "\(when) \(says): \(reply.text)")
      XCTAssertEqual(reply.json["delivery"]?["last_error"]?.string, error, "\(when) \(says)")
    }
    let off = try TestServer().admin("POST", "/mail/test", #"{"to":"ops@w.example"}"#)
    XCTAssertEqual(off.json["code"]?.string, "mail_not_set_up")
    let bad = try server(try receiver()).admin("POST", "/mail/test", #"{"to":"a b"}"#)
    XCTAssertEqual(bad.status, 422)
  }

  func testApproval_MailsTheKeyAndForgetsIt() throws {
    let receiver = try receiver()
    let server = try server(receiver)
    let application = #"{"email":"jo@a.example","company":"A\"<b>","use_case":"x","expected_volume":"1"}"#
    func apply() throws {
      let sent = try server.client.send(
        "POST", "/api/v1/access-requests", [("Content-Type", "application/json")], body: Array(application.utf8))
      XCTAssertEqual(sent.status, 202)
    }
    try apply()
    let approved = try server.admin("POST", "/requests/jo@a.example/approve", #"{"notify":true}"#)
    XCTAssertEqual(approved.json["approval"]?["mailed_to"]?.string, "jo@a.example")
    XCTAssertEqual(approved.json["approval"]?["key"], .null)
    let mail = try XCTUnwrap(receiver.wait(for: 1).first)
    let key = try XCTUnwrap(mail.part("plain").firstMatch(of: /wc_[A-Za-z0-9]{20,}/)).output
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: String(key)).status, 200)
    try apply()
    let rejected = try server.admin("POST", "/requests/jo@a.example/reject", #"{"reason":"no <b>","notify":true}"#)
    XCTAssertEqual(rejected.json["request"]?["state"]?.string, "rejected")
    let other = try XCTUnwrap(receiver.wait(for: 2).last)
    XCTAssertTrue(other.part("plain").contains("Reason: no <b>"))
    XCTAssertTrue(other.part("html").contains("Reason: no &lt;b&gt;"))
    _ = try server.admin("POST", "/mail/test", #"{"to":"jo@a.example"}"#)
    let deliveries = try server.admin("GET", "/deliveries?status=delivered")
    XCTAssertEqual(deliveries.json["deliveries"]?[0]?["workspace"], .null)
    XCTAssertFalse(deliveries.text.contains(key))
    // The row that held it is in the file's own bytes; what was sent for good is written over with nothing.
    let store = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    let left = try store.first(
      "SELECT max(length(body)) FROM deliveries WHERE state = 'delivered'", row: { $0.integer(0) })
    XCTAssertEqual(left, 0)
  }

  func testPasswordLink_IsMailedAndWorksOnce() throws {
    let receiver = try receiver()
    let server = try server(receiver)
    let added = try server.admin("POST", "/users", #"{"email":"jo@a.example","role":"admin","notify":true}"#)
    XCTAssertEqual(added.json["user"]?["link_token"], .null)
    // Two that are under way at once may come in any order, and only the newer link works.
    _ = receiver.wait(for: 1)
    let again = try server.admin("POST", "/users/jo@a.example/password-link", #"{"notify":true}"#)
    XCTAssertEqual(again.json["user"]?["mailed_to"]?.string, "jo@a.example")
    let text = try XCTUnwrap(receiver.wait(for: 2).last).part("plain")
    let token = try XCTUnwrap(text.firstMatch(of: /https:\/\/w\.example\/admin#password=(\S+)/)).output.1
    let body = #"{"token":"\#(token)","password":"\#(TestServer.password)"}"#
    let codes = try (0..<2).map { _ in
      try server.client.send("POST", "/admin/api/v1/password", body: Array(body.utf8)).status
    }
    XCTAssertEqual(codes.first.map { $0 / 100 }, 2)
    XCTAssertEqual(codes.last, 404)
  }

  /// Five more tries within an hour, then the failure is noted; nothing comes early, and the job is as it was.
  func testServerThatRefusesForNow_IsTriedForAnHour() throws {
    let clock = FixedClock()
    let receiver = try receiver { $0.hasPrefix("RCPT") ? "451 later" : nil }
    let server = try server(receiver, clock: clock.clock)
    let id = try server.submit(form(SamplePictures.photo)).json["request_id"]?.string ?? ""
    func delivery(_ attempts: Int64) throws -> JSONValue? {
      while true {
        let found = try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?[0]
        if found?["attempts"]?.integer == attempts { return found }
      }
    }
    for (number, minutes) in [1, 4, 10, 15, 30].enumerated() {
      let found = try delivery(Int64(number + 1))
      XCTAssertEqual(found?["next_attempt_at"]?.string, "\(clock.now + .seconds(minutes * 60))")
      clock.advance(by: .seconds(minutes * 60))
      // Anything that is written wakes the courier, which then sees the clock.
      _ = try server.admin("POST", "/mail/test", #"{"to":"ops@w.example"}"#)
    }
    XCTAssertEqual(try delivery(6)?["status"]?.string, "failed")
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    XCTAssertEqual(receiver.mails.count, 0)
  }
}
