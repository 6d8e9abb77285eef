package import DataFormats

/// Reads a message with all of its parts.
package struct MailParser {
  /// How deep parts may be in parts, and how many there may be.
  private static let most = (depth: 32, parts: 1000)

  private var count = 0

  private init() {}

  /// Reads a whole message, which has to begin with header fields; a message in it stays one file.
  ///
  /// Throws `DataFault` for what is no mail, and for parts that are too many or too deep.
  package static func parse(_ bytes: [UInt8]) throws(DataFault) -> MailPart {
    var parser = MailParser()
    let message = try parser.part(bytes[...], depth: 0, standard: "text/plain")
    guard !message.headers.isEmpty else {
      throw DataFault(.malformed, "it does not begin with the header fields of a message, such as From and Subject")
    }
    return message
  }

  private mutating func part(_ bytes: ArraySlice<UInt8>, depth: Int, standard: String) throws(DataFault) -> MailPart {
    count += 1
    guard count <= MailParser.most.parts else {
      throw DataFault(.tooLarge, "it has more than \(MailParser.most.parts) parts")
    }
    guard depth <= MailParser.most.depth else {
      throw DataFault(.tooLarge, "its parts are nested deeper than \(MailParser.most.depth)")
    }
    let (headers, start) = MailHeaders.read(bytes)
    let body = bytes[start...]
    let type = headers.raw("content-type").map(MailParameters.init)
    let disposition = headers.raw("content-disposition").map(MailParameters.init)
    var word = type?.word ?? standard
    if !word.contains("/") { word = standard }
    var parts: [MailPart] = []
    if word.hasPrefix("multipart/"), let boundary = type?["boundary"], !boundary.isEmpty {
      let inner = word == "multipart/digest" ? "message/rfc822" : "text/plain"
      for piece in MailParser.split(body, at: Array("--\(boundary)".utf8)) {
        parts.append(try part(piece, depth: depth + 1, standard: inner))
      }
    } else if word.hasPrefix("multipart/") {
      word = "text/plain"
    }
    return MailPart(
      headers: headers, type: word, name: disposition?["filename"] ?? type?["name"], charset: type?["charset"],
      isFlowed: type?["format"]?.lowercased() == "flowed", deletesSpaces: type?["delsp"]?.lowercased() == "yes",
      isAttached: disposition?.word == "attachment", body: body, parts: parts)
  }

  /// What stands between the lines of a boundary (RFC 2046 section 5.1.1); the end of the line before one is its own.
  private static func split(_ body: ArraySlice<UInt8>, at boundary: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start: Int?
    var place = body.startIndex
    while place < body.endIndex {
      let end = body[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? body.endIndex
      if let isLast = mark(body[place..<end], boundary) {
        if let start { pieces.append(body[start..<max(start, endBefore(place, in: body))]) }
        start = end
        if isLast { return pieces }
      }
      place = end
    }
    if let start, start < body.endIndex { pieces.append(body[start...]) }
    return pieces
  }

  /// Nil for a line that is no boundary, else whether it is the last one.
  private static func mark(_ line: ArraySlice<UInt8>, _ boundary: [UInt8]) -> Bool? {
    guard line.starts(with: boundary) else { return nil }
    var rest = line.dropFirst(boundary.count)
    let isLast = rest.starts(with: [0x2D, 0x2D])
    if isLast { rest = rest.dropFirst(2) }
    return rest.allSatisfy({ [0x20, 0x09, 0x0D, 0x0A].contains($0) }) ? isLast : nil
  }

  private static func endBefore(_ place: Int, in body: ArraySlice<UInt8>) -> Int {
    guard place > body.startIndex else { return place }
    let end = place - 1
    return end > body.startIndex && body[end - 1] == 0x0D ? end - 1 : end
  }
}
