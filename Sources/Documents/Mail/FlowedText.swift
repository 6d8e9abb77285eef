/// Text whose paragraphs a mail program cut into lines, put together again (RFC 3676).
enum FlowedText {
  /// The lines as they were before they were cut; quoted ones have their marks and a blank in front.
  static func joined(_ lines: [Substring], deletesSpaces: Bool) -> [Substring] {
    var whole: [Substring] = []
    var paragraph = ""
    // How deep the paragraph is quoted that the next line may go on; nil where none is open.
    var open: Int?
    func finish(_ depth: Int) {
      let marks = String(repeating: ">", count: depth) + (depth > 0 && !paragraph.isEmpty ? " " : "")
      whole.append(Substring(marks + paragraph))
      paragraph = ""
      open = nil
    }
    for line in lines {
      let depth = line.prefix { $0 == ">" }.count
      var text = line.dropFirst(depth)
      // Section 4.4: a blank was put in front of what begins like a quote or with a blank.
      if text.first == " " { text = text.dropFirst() }
      // Section 4.3: the line above a signature ends in a blank, and belongs to nothing.
      let isFixed = text == "-- " || text.last != " "
      if let last = open, last != depth || text == "-- " { finish(last) }
      paragraph.append(contentsOf: !isFixed && deletesSpaces ? text.dropLast() : text)
      if isFixed { finish(depth) } else { open = depth }
    }
    if let last = open { finish(last) }
    return whole
  }
}
