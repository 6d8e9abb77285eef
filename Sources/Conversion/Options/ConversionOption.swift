/// An option of conversions: what it is called, what it may be, and what it is when nobody asks for it.
package struct ConversionOption: Sendable {
  package enum Kind: Sendable {
    case whole(ClosedRange<Int>)
    case flag
    case choice([String])
    /// Some of these, with commas between them.
    case words([String])
    case colour
  }

  package let name: String
  package let kind: Kind
  /// Nil when the absence of the option is a meaning of its own.
  package let standard: OptionValue?
  /// What it does, in one line.
  package let summary: String

  init(_ name: String, _ kind: Kind, _ standard: OptionValue?, _ summary: String) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.summary = summary
  }

  /// Words that complete "it must be …".
  package var validValues: String {
    switch kind {
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .words(let words): "some of \(words.joined(separator: ", ")), with commas between them"
    case .colour: "a colour as #rrggbb, #rgb or a CSS name such as white"
    }
  }

  /// How documents and JSON call the kind of value.
  package var type: String {
    switch kind {
    case .whole: "integer"
    case .flag: "boolean"
    case .choice: "choice"
    case .words: "words"
    case .colour: "colour"
    }
  }

  /// Reads a value as text; one text for one value, so no signs, spaces or leading zeros.
  func value(of text: String) throws(OptionFailure) -> OptionValue {
    switch kind {
    case .whole(let range):
      guard let number = Int(text), String(number) == text, range.contains(number) else {
        throw failure("is out of range")
      }
      return .whole(number)
    case .flag:
      guard let flag = Bool(text) else { throw failure("is not a flag") }
      return .flag(flag)
    case .choice(let words):
      guard words.contains(text) else { throw failure("is not known") }
      return .word(text)
    case .words(let words):
      let asked = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard asked.allSatisfy(words.contains) else { throw failure("is not known") }
      return .word(words.filter(asked.contains).joined(separator: ","))
    case .colour:
      guard let colour = Colour(text) else { throw failure("is not a colour") }
      return .colour(colour)
    }
  }

  func failure(_ problem: String) -> OptionFailure {
    OptionFailure(option: name, problem: problem, validValues: validValues)
  }
}
