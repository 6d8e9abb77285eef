import Basics

/// What the files of a message are called where they are put: names that their senders gave them, made harmless and different
/// from each other.
enum AttachmentNames {
  /// Bytes of a name.
  private static let longest = 200

  /// Endings of files that came without a name.
  private static let endings = [
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "image/jpeg": "jpg",
    "image/png": "png", "image/gif": "gif", "application/pdf": "pdf", "application/zip": "zip",
    "message/rfc822": "eml", "message/delivery-status": "txt", "text/rfc822-headers": "txt",
  ]

  /// One for each part, in their order.
  static func all(_ parts: [MailPart]) -> [String] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    return parts.map { part in
      let name = part.name.flatMap(harmless) ?? standard(part)
      if taken.insert(name.lowercased()).inserted { return name }
      let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 } ?? name.endIndex
      var number = next[name.lowercased(), default: 2]
      func numbered() -> String { "\(name[..<dot])-\(number)\(name[dot...])" }
      while !taken.insert(numbered().lowercased()).inserted { number += 1 }
      next[name.lowercased()] = number + 1
      return numbered()
    }
  }

  private static func standard(_ part: MailPart) -> String {
    let ending = endings[part.type] ?? "bin"
    return (ending == "eml" ? "message." : "attachment.") + ending
  }

  /// The last part of a path, without what is not to be seen; nil when nothing is left.
  private static func harmless(_ name: String) -> String? {
    let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last ?? []
    var text = String.UnicodeScalarView()
    var bytes = 0
    for scalar in last where !HiddenText.isHidden(scalar) {
      bytes += UTF8.width(scalar)
      if bytes > longest { break }
      text.append(scalar)
    }
    while let end = text.last, end == "." || end.properties.isWhitespace { text.removeLast() }
    let kept = text.drop { $0.properties.isWhitespace || $0 == "." }
    return kept.isEmpty ? nil : String(kept)
  }
}
