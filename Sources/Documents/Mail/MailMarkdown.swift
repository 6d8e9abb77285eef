/// Plain text of mail as Markdown that shows it line by line.
enum MailMarkdown {
  private static let special: Set<Unicode.Scalar> = ["\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "&", "#", "!"]

  /// The lines of a text, whatever ends them.
  static func lines(_ text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  /// A line in which nothing means anything to Markdown; addresses of pages stay as they are, so that they are links.
  static func escaped(_ line: some StringProtocol) -> String {
    line.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.hasPrefix("http://") || word.hasPrefix("https://") ? plainAddress(word) : escapedWord(word)
    }.joined(separator: " ")
  }

  private static func plainAddress(_ word: some StringProtocol) -> String {
    word.unicodeScalars.contains { "<>[]`\\*".unicodeScalars.contains($0) } ? escapedWord(word) : String(word)
  }

  private static func escapedWord(_ word: some StringProtocol) -> String {
    var text = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      if special.contains(scalar) { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }

  /// Lines that follow each other stay lines, and quoted ones stay quotes.
  static func paragraphs(_ lines: [Substring]) -> String {
    var text = ""
    var last = ""
    for (index, line) in lines.enumerated() {
      let marks = line.prefix { $0 == ">" || $0 == " " }.filter { $0 == ">" }.prefix(20)
      let quote = marks.isEmpty ? "" : String(marks) + " "
      let rest = line.drop { $0 == ">" || $0 == " " || $0 == "\t" }
      if quote != last, !text.isEmpty { text += "\n" }
      last = quote
      let next = index + 1 < lines.count ? lines[index + 1] : ""
      let goesOn =
        !rest.isEmpty && next.contains { $0 != ">" && !$0.isWhitespace } && next.hasPrefix(">") == !marks.isEmpty
      text += quote + safeStart(escaped(rest)) + (goesOn ? "\\" : "") + "\n"
    }
    return text
  }

  /// What begins a list, a line or a heading would do so here, too.
  private static func safeStart(_ line: String) -> String {
    guard let first = line.first else { return line }
    if "+-=".contains(first) { return "\\" + line }
    let digits = line.prefix { $0.isNumber && $0.isASCII }
    guard !digits.isEmpty, let mark = line.dropFirst(digits.count).first, mark == "." || mark == ")" else {
      return line
    }
    return digits + "\\" + line.dropFirst(digits.count)
  }
}
