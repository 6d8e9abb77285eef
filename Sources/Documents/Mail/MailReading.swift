/// What of a message is its text, and what comes with it.
package struct MailReading {
  /// The parts that are shown, in their order.
  package private(set) var texts: [MailPart] = []
  /// The parts that are files.
  package private(set) var attachments: [MailPart] = []

  /// Where a text is there in two forms, that in HTML is taken if `prefersHTML`, else the plain one.
  package init(_ message: MailPart, prefersHTML: Bool = false) {
    let wanted = prefersHTML ? "text/html" : "text/plain"
    add(message, wanted)
  }

  private mutating func add(_ part: MailPart, _ wanted: String) {
    guard part.type.hasPrefix("multipart/") else {
      if part.isText, !part.isAttached, part.name == nil { texts.append(part) } else { attachments.append(part) }
      return
    }
    guard part.type == "multipart/alternative" else {
      for inner in part.parts { add(inner, wanted) }
      return
    }
    // The last form is the best one for who can show it (RFC 2046 section 5.1.4).
    var best: [MailPart] = []
    for inner in part.parts {
      var own = MailReading()
      own.add(inner, wanted)
      attachments += own.attachments
      let isBest = best.contains { $0.type == wanted }
      if !own.texts.isEmpty, !isBest || own.texts.contains(where: { $0.type == wanted }) { best = own.texts }
    }
    texts += best
  }

  private init() {}
}
