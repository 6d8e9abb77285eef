import Conversion
package import Formats

/// Why a job ended without a result: a stable word and a sentence, both for the client.
package struct JobFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package let code: String
  package let message: String

  package init(_ code: String, _ message: String) {
    self.code = code
    self.message = message
  }

  package init(_ failure: ConversionFailure) {
    self.init(failure.code.rawValue, failure.message)
  }

  package var description: String { "\(code): \(message)" }
}
