import Basics
package import DataFormats
import Markup

/// Writes a message as text, Markdown, HTML or JSON: its fields, its text, and what came with it.
package struct MailWriter {
  /// The fields that readers of mail show, in their order.
  private static let shown = ["From", "To", "Cc", "Bcc", "Date", "Subject"]

  private let message: MailPart
  private let drain: ByteDrain

  /// `drain` takes what is written, and is flushed at its end.
  package init(_ message: MailPart, to drain: ByteDrain) {
    self.message = message
    self.drain = drain
  }

  /// Every file that came with the message, under a name that is harmless and its own.
  package static func attachments(_ message: MailPart) -> [(name: String, part: MailPart)] {
    let parts = MailReading(message).attachments
    return Array(zip(AttachmentNames.all(parts), parts))
  }

  /// Throws `DataFault` and what the drain's taker throws, as the others do.
  package func writeText() throws {
    for (name, text) in fields { try drain.put("\(name): \(text)\n") }
    for part in MailReading(message).texts {
      try drain.put("\n")
      try put(Self.plain(part, asMarkdown: false))
    }
    let attachments = Self.attachments(message)
    if !attachments.isEmpty { try drain.put("\nAttachments:\n") }
    for (name, part) in attachments { try drain.put("- \(name) (\(Self.note(part)))\n") }
    try drain.flush()
  }

  package func writeMarkdown() throws {
    try drain.put(String(decoding: try markdown(), as: UTF8.self))
    try drain.flush()
  }

  /// A page without anything of the message's own HTML but its text, headings, lists, tables, links and pictures.
  package func writeHTML() throws {
    var options = MarkdownHTMLOptions()
    options.isPage = true
    options.title = message.headers["subject"].flatMap { $0.isEmpty ? nil : $0 }
    try MarkdownHTML.write(try MarkdownParser().parse(try markdown()), options, to: drain)
    try drain.flush()
  }

  package func writeJSON() throws {
    func text(_ name: String) -> JSONValue { message.headers[name].map(JSONValue.string) ?? .null }
    let texts = try MailReading(message).texts.map {
      String(decoding: try Self.plain($0, asMarkdown: false), as: UTF8.self)
    }
    let document = JSONValue.object([
      ("subject", text("subject")), ("from", text("from")), ("to", text("to")), ("cc", text("cc")),
      ("bcc", text("bcc")), ("reply_to", text("reply-to")), ("date", text("date")), ("message_id", text("message-id")),
      ("text", .string(texts.joined(separator: "\n"))),
      (
        "attachments",
        .array(
          Self.attachments(message).map { name, part in
            .object([
              ("name", .string(name)), ("type", .string(part.type)), ("size", .integer(Int64(part.content.count))),
              ("inline", .boolean(!part.isAttached)),
            ])
          })
      ),
      (
        "headers",
        .array(message.headers.all.map { .object([("name", .string($0.name)), ("value", .string($0.text))]) })
      ),
    ])
    try drain.put(document.text)
    try drain.put("\n")
    try drain.flush()
  }

  private var fields: [(name: String, text: String)] {
    Self.shown.compactMap { name in message.headers[name].map { (name, $0) } }
  }

  private func markdown() throws -> [UInt8] {
    var text = ""
    if let subject = message.headers["subject"], !subject.isEmpty { text += "# \(MailMarkdown.escaped(subject))\n\n" }
    for (name, value) in fields where name != "Subject" { text += "- **\(name):** \(MailMarkdown.escaped(value))\n" }
    var bytes = Array(text.utf8)
    for part in MailReading(message, prefersHTML: true).texts {
      bytes.append(0x0A)
      bytes += try Self.plain(part, asMarkdown: true)
    }
    let attachments = Self.attachments(message)
    if !attachments.isEmpty { bytes += Array("\n## Attachments\n\n".utf8) }
    for (name, part) in attachments { bytes += Array("- \(MailMarkdown.escaped(name)) (\(Self.note(part)))\n".utf8) }
    return bytes
  }

  private static func note(_ part: MailPart) -> String {
    "\(MailMarkdown.escaped(part.type)), \(part.content.count) bytes"
  }

  /// A part that is shown, with one line feed at its end.
  private static func plain(_ part: MailPart, asMarkdown: Bool) throws -> [UInt8] {
    var bytes: [UInt8] = []
    if part.type == "text/html" {
      let drain = ByteDrain { bytes += $0 }
      let document = try page(part)
      if asMarkdown {
        try HTMLMarkdown.write(document, to: drain)
      } else {
        try HTMLText.write(document, to: drain)
      }
      try drain.flush()
    } else {
      let lines = MailMarkdown.lines(part.text)
      let text = part.isFlowed ? FlowedText.joined(lines, deletesSpaces: part.deletesSpaces) : lines
      bytes = Array((asMarkdown ? MailMarkdown.paragraphs(text) : text.joined(separator: "\n")).utf8)
    }
    while bytes.last == 0x0A || bytes.last == 0x20 { bytes.removeLast() }
    return bytes + [0x0A]
  }

  /// What the message says of the charset counts before what the page says of it.
  private static func page(_ part: MailPart) throws(DataFault) -> HTMLDocument {
    if part.charset != nil { return try HTMLParser(encoding: .utf8).parse(Array(part.text.utf8)) }
    do {
      return try HTMLParser().parse(part.content)
    } catch {
      guard error.kind == .unsupported else { throw error }
      return try HTMLParser(encoding: .utf8).parse(Array("[This text cannot be shown: \(error.problem).]".utf8))
    }
  }

  private func put(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try drain.put($0) } }
}
