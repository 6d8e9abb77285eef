/// Comments and document types.
extension HTMLTokenizer {
  /// Reads what begins with `<!`.
  mutating func readDeclaration() -> HTMLToken? {
    if text.matches("--", at: place + 2) { return readComment() }
    if text.matches("doctype", at: place + 2) {
      place += 9
      var reader = HTMLDoctypeReader(text, place)
      let doctype = reader.read()
      place = reader.place
      return .doctype(doctype)
    }
    if allowsSections, text.matches("[cdata[", at: place + 2),
      text.slice(place + 3..<place + 8).elementsEqual("CDATA".utf8)
    {
      place += 9
      model = .section
      return nil
    }
    return readBogusComment(from: place + 2)
  }

  mutating func readBogusComment(from start: Int) -> HTMLToken {
    let end = text.first(UInt8(ascii: ">"), from: start) ?? text.count
    place = min(end + 1, text.count)
    return comment(start..<max(start, end))
  }

  private func comment(_ range: Range<Int>) -> HTMLToken {
    var data: [UInt8] = []
    for byte in text.slice(range) {
      if byte == 0 { data.append(scalar: 0xFFFD) } else { data.append(byte) }
    }
    return .comment(data)
  }

  private mutating func readComment() -> HTMLToken {
    let start = place + 4
    if text[start] == UInt8(ascii: ">") || text.matches("->", at: start) {
      place = start + (text[start] == UInt8(ascii: ">") ? 1 : 2)
      return comment(start..<start)
    }
    var dash = text.find("--", from: start)
    while let end = dash {
      if text[end + 2] == UInt8(ascii: ">") {
        place = end + 3
        return comment(start..<end)
      }
      if text[end + 2] == UInt8(ascii: "!"), text[end + 3] == UInt8(ascii: ">") {
        place = end + 4
        return comment(start..<end)
      }
      dash = text.find("--", from: end + 1)
    }
    place = text.count
    return comment(start..<endWithoutMark(from: start))
  }

  /// The end of a comment that the document ends in, without what might have become its end.
  private func endWithoutMark(from start: Int) -> Int {
    let end = max(start, text.count)
    for mark in ["--!", "--", "-"] {
      let length = mark.utf8.count
      if end - length >= start, text.slice(end - length..<end).elementsEqual(mark.utf8) { return end - length }
    }
    return end
  }
}
