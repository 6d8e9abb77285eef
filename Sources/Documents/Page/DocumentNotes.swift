/// The notes of a document in the order in which the text refers to them.
struct DocumentNotes {
  private var numbers: [String: Int] = [:]
  private var blocks: [[UInt8]] = []

  /// The number of a note, which is made where it is met first; nil for one that is not there.
  mutating func number(of name: String, _ make: () throws -> [UInt8]?) rethrows -> Int? {
    if let number = numbers[name] { return number }
    guard let made = try make() else { return nil }
    blocks.append(made)
    numbers[name] = blocks.count
    return blocks.count
  }

  /// All of them, each behind its number.
  var html: [UInt8] {
    guard !blocks.isEmpty else { return [] }
    var html: [UInt8] = []
    for (index, block) in blocks.enumerated() {
      let mark = "<a href=\"#note-mark-\(index + 1)\" id=\"note-\(index + 1)\">[\(index + 1)]</a> "
      if block.starts(with: "<p>".utf8) {
        html.put("<p>" + mark)
        html += block.dropFirst(3)
      } else {
        html.put("<p>" + mark + "</p>\n")
        html += block
      }
    }
    return html
  }
}
