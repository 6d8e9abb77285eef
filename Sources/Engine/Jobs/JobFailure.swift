import Conversion
package import Formats

/// Why a job ended without a result: a stable word and a sentence, both for the client, and a program's last words, which
/// are for operators alone.
package struct JobFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package let code: String
  package let message: String
  package let words: String

  package init(_ code: String, _ message: String, words: String = "") {
    self.code = code
    self.message = message
    self.words = words
  }

  package init(_ failure: ConversionFailure) {
    self.init(failure.code.rawValue, failure.message, words: failure.words)
  }

  package var description: String { "\(code): \(message)" }
}
