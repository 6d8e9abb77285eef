import Basics

/// What an answer of S3's protocol says.
extension OutboundReply {
  /// The text of the first element with this name, of an answer that is XML; nil without one, or when it is nothing that
  /// such an answer has.
  package func element(_ name: String) -> String? {
    let (open, close) = (Array("<\(name)>".utf8), UInt8(ascii: "<"))
    guard let start = preview.firstRange(of: open) else { return nil }
    let text = preview[start.upperBound...].prefix { $0 != close }
    guard text.endIndex < preview.endIndex, (1...1024).contains(text.count),
      text.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    return String(decoding: text, as: UTF8.self)
  }

  /// A word of a refusal, as people may be shown it.
  package var code: String? { element("Code").map { String($0.prefix(60).filter { $0.isLetter || $0.isNumber }) } }
}
