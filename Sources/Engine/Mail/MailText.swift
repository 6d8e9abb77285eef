package import Basics

/// What a mail says: a subject and the same in plain text and in HTML.
package struct MailText: Sendable, Equatable {
  package let subject: String
  package let text: String
  package let html: String

  /// The colour of the banner, for success and for failure.
  static func colour(isGood: Bool) -> String { isGood ? "#15803d" : "#b91c1c" }

  /// The mail as RFC 5322 and RFC 2046 section 5.1.4 write it, but for its sender and identifier, which whoever sends it
  /// puts in front.
  ///
  /// `recipient` has passed `MailAddress`. Both parts are in Base64, so that no line of theirs can be taken for anything
  /// else, and none is the boundary.
  package func message(to recipient: String, at moment: Timestamp) -> [UInt8] {
    let boundary = "=_part"
    var lines = [
      "To: <\(recipient)>", "Subject: \(EncodedWord.text(subject))", "Date: \(MailText.date(moment))",
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
      "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "",
    ]
    for (type, content) in [("plain", text), ("html", html)] {
      lines += [
        "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
      ]
      lines += MailText.base64Lines(content)
    }
    lines += ["--\(boundary)--", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  /// RFC 5322 section 3.3 wants the zone as an offset, where HTTP writes GMT.
  private static func date(_ moment: Timestamp) -> String { CivilTime(moment).httpDate.dropLast(3) + "+0000" }

  /// Lines of 76 characters (RFC 2045 section 6.8).
  private static func base64Lines(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: 57).map { start in
      Base64.encode(Array(bytes[start..<min(start + 57, bytes.count)]))
    }
  }
}
