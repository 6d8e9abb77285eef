import Basics

/// An option of conversions: what it is called, what it may be, and what it is when nobody asks for it.
package struct ConversionOption: Sendable {
  package enum Kind: Sendable {
    case whole(ClosedRange<Int>)
    case decimal(ClosedRange<Double>)
    case flag
    case choice([String])
    /// Some of these, with commas between them.
    case words([String])
    case colour
    /// Any text that passes; `valid` completes "it must be …".
    case text(valid: String, passes: @Sendable (String) -> Bool)
    /// A text of at most so many bytes that no list shows, and that is gone when the job has ended.
    case secret(most: Int)

    /// What a document of PDF 2.0 may be locked with (ISO 32000-2, 7.6.4.3.3).
    package static let password = Kind.secret(most: 127)
  }

  /// Which steps of a way over several makers get what is asked for, of those that understand it.
  package enum Reach: Sendable {
    /// The first, for the others go on with what it has made.
    case first
    /// The last, for it writes what the client gets.
    case last
    case all
  }

  package let name: String
  package let kind: Kind
  /// Nil when the absence of the option is a meaning of its own.
  package let standard: OptionValue?
  /// What it does, in one line.
  package let summary: String
  /// True when the pixels of a picture are others with it.
  package let changesPixels: Bool
  package let reach: Reach

  package init(
    _ name: String, _ kind: Kind, _ standard: OptionValue?, _ summary: String, changesPixels: Bool = false,
    reach: Reach = .first
  ) {
    self.changesPixels = changesPixels
    self.reach = reach
    self.name = name
    self.kind = kind
    self.standard = standard
    self.summary = summary
  }

  var isSecret: Bool { if case .secret = kind { true } else { false } }

  /// Words that complete "it must be …".
  package var validValues: String {
    switch kind {
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .decimal(let range):
      "a number from \(OptionValue.decimal(range.lowerBound).text) to \(OptionValue.decimal(range.upperBound).text)"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .words(let words): "some of \(words.joined(separator: ", ")), with commas between them"
    case .colour: "a colour as #rrggbb, #rgb or a CSS name such as white"
    case .text(let valid, _): valid
    case .secret(let most): "1 to \(most) bytes of text without control characters"
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
    case .decimal: "number"
    case .text: "text"
    case .secret: "secret"
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
    case .decimal(let range):
      guard PosixPattern.isMatched("-?[0-9]{1,15}([.][0-9]{1,15})?", by: text), let number = Double(text),
        range.contains(number)
      else { throw failure("is out of range") }
      return .decimal(number)
    case .text(_, let passes):
      guard passes(text) else { throw failure("is not valid") }
      return .word(text)
    case .secret(let most):
      let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      guard isPlain, (1...most).contains(text.utf8.count) else {
        throw failure("is not valid")
      }
      return .secret(SecretText(text))
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
