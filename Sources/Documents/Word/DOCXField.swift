/// A field that is open: its instruction comes first, then what it shows (ISO/IEC 29500-1, 17.16.18).
struct DOCXField {
  var instruction = ""
  var isShowing = false
  var hasLink = false

  /// Where a field HYPERLINK leads.
  var address: String? {
    let words = Self.words(instruction)
    guard words.first?.uppercased() == "HYPERLINK", words.count > 1, !words[1].hasPrefix("\\") else { return nil }
    return words[1]
  }

  /// Words between blanks; one in quotes may hold blanks.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
