/// A message, or a part of one (RFC 2045, RFC 2046).
package struct MailPart: Sendable {
  package let headers: MailHeaders
  /// The media type in lower case.
  package let type: String
  /// The name that its sender gave it; may be anything.
  package let name: String?
  let charset: String?
  /// Whether lines of the text that end in a blank go on in the next one (RFC 3676).
  let isFlowed: Bool
  /// Whether that blank was put there for it.
  let deletesSpaces: Bool
  let isAttached: Bool
  /// As it stands in the message.
  let body: ArraySlice<UInt8>
  let parts: [MailPart]

  /// The bytes of the body without what carried them through the mail.
  package var content: [UInt8] {
    let coding = headers.raw("content-transfer-encoding").map(MailParameters.init)?.word
    switch coding {
    case "base64": return MailBase64.decode(body)
    case "quoted-printable": return QuotedPrintable.decode(body)
    default: return Array(body)
    }
  }

  /// The text of one that is shown, and what stands in its place where its characters are not read here.
  package var text: String {
    if let text = MailCharset.text(content, named: charset) { return text }
    return "[This text is in the charset \(charset ?? ""), which is not read here.]\n"
  }

  var isText: Bool { type == "text/plain" || type == "text/html" }
}
