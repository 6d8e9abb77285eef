/// A page of the manual as it is written in man(7): sections, paragraphs and lists of terms.
struct ManualPage {
  private(set) var text: String

  /// `section` is 1 for commands, 5 for files, 8 for what administrators run.
  init(_ name: String, section: Int, summary: String) {
    text = """
      .TH \(ManualPage.quoted(name.uppercased())) \(section) "" \(ManualPage.quoted("wonder \(VersionCommand.version)"))
      .SH NAME
      \(ManualPage.escaped(name)) \\- \(ManualPage.escaped(summary))

      """
  }

  /// The line of a synopsis.
  mutating func text(bold: String, italic: String) {
    text += "\\fB\(ManualPage.escaped(bold))\\fR \\fI\(ManualPage.escaped(italic))\\fR\n"
  }

  mutating func section(_ title: String) {
    text += ".SH \(ManualPage.quoted(title))\n"
  }

  mutating func subsection(_ title: String) {
    text += ".SS \(ManualPage.quoted(title))\n"
  }

  mutating func paragraph(_ words: String) {
    text += ".PP\n\(ManualPage.escaped(words))\n"
  }

  /// A term in bold with what follows it in italics, and what it means.
  mutating func item(_ term: String, _ argument: String = "", _ meaning: String) {
    let tail = argument.isEmpty ? "" : " \\fI\(ManualPage.escaped(argument))\\fR"
    text += ".TP\n\\fB\(ManualPage.escaped(term))\\fR\(tail)\n\(ManualPage.escaped(meaning))\n"
  }

  /// Lines as they are.
  mutating func example(_ lines: [String]) {
    text += ".PP\n.RS 4\n.nf\n" + lines.map { ManualPage.escaped($0) + "\n" }.joined() + ".fi\n.RE\n"
  }

  /// Backslashes are the language's own, a leading dot or quote would be a request, and a bare dash becomes a hyphen
  /// that cannot be pasted into a shell (groff_char(7)).
  private static func escaped(_ words: String) -> String {
    var out = ""
    for character in words {
      switch character {
      case "\\": out += "\\e"
      case "-": out += "\\-"
      case "`": out += "\\(ga"
      case "·": out += "\\(pc"
      case "…": out += "..."
      default: out.append(character)
      }
    }
    return out.hasPrefix(".") || out.hasPrefix("'") ? "\\&" + out : out
  }

  private static func quoted(_ words: String) -> String { "\"\(escaped(words))\"" }
}
