import Basics
import Storage

/// A file of `Resources/mail` with places for values: `{{name}}` holds one, and what stands between `{{#name}}` and
/// `{{/name}}` comes once for each row of it, or once when it is a text that is not empty.
struct MailTemplate {
  enum Value {
    case text(String)
    case rows([[String: Value]])
  }

  private let source: String
  /// In HTML every value is escaped; in plain text its control characters become spaces.
  private let isHTML: Bool

  init(_ source: String, isHTML: Bool) {
    self.source = source
    self.isHTML = isHTML
  }

  /// The embedded template of this name, such as job.html.
  init(embedded name: String) {
    guard let file = EmbeddedFile.find("mail/" + name) else { preconditionFailure("mail/\(name) is not embedded") }
    self.init(String(decoding: file.bytes, as: UTF8.self), isHTML: name.hasSuffix(".html"))
  }

  func filled(_ values: [String: Value]) -> String { fill(source[...], values) }

  private func fill(_ part: Substring, _ values: [String: Value]) -> String {
    var result = ""
    var rest = part
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      result += rest[..<open.lowerBound]
      let tag = rest[open.upperBound..<close.lowerBound]
      rest = rest[close.upperBound...]
      guard tag.hasPrefix("#") else {
        if case .text(let text)? = values[String(tag)] { result += escaped(text) }
        continue
      }
      let name = String(tag.dropFirst())
      guard let end = rest.firstRange(of: "{{/\(name)}}") else { preconditionFailure("{{#\(name)}} has no end") }
      let inner = MailTemplate.withoutFirstLineEnd(rest[..<end.lowerBound])
      rest = rest[end.upperBound...]
      // A tag alone on its line takes the line with it.
      if inner.isEmpty || inner.last?.isNewline == true { rest = MailTemplate.withoutFirstLineEnd(rest) }
      switch values[name] {
      case .rows(let rows)?: for row in rows { result += fill(inner, values.merging(row) { $1 }) }
      case .text(let text)? where !text.isEmpty: result += fill(inner, values)
      default: break
      }
    }
    return result + rest
  }

  private static func withoutFirstLineEnd(_ text: Substring) -> Substring {
    text.first == "\n" ? text.dropFirst() : text
  }

  private func escaped(_ text: String) -> String {
    let line = EncodedWord.oneLine(text)
    guard isHTML else { return line }
    var result = ""
    for character in line {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }
}
