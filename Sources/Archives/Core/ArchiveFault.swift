import Basics

/// Why an archive cannot be read or written.
package struct ArchiveFault: Error, Equatable {
  package enum Kind: Sendable {
    /// It breaks the rules of its format.
    case malformed
    /// It goes beyond what is read here: entries, bytes, names.
    case tooLarge
    /// It is right, but of a kind that is not read here.
    case unsupported
    /// It wants a password.
    case encrypted
  }

  package let kind: Kind
  /// What is wrong; a half sentence that begins small and ends without a stop.
  package let sentence: String

  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }

  /// The name of an entry as a sentence shows it: bounded, and without characters that hide.
  package static func shown(_ name: String) -> String {
    let most = 80
    let text = HiddenText.escaping(String(String.UnicodeScalarView(name.unicodeScalars.prefix(most))))
    return name.unicodeScalars.count > most ? "\"\(text)…\"" : "\"\(text)\""
  }
}
