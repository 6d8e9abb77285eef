import Conversion
import Formats
package import Storage

/// What the maker of a job should know of one of its outputs: a word of the list and its sentence.
package struct JobWarning: Sendable, Equatable {
  /// A document names no more.
  package static let most = 100

  package let code: String
  package let message: String
  /// The output that it is about.
  package let fileName: String
  /// The row of that output.
  package let outputID: Int64

  /// Of all outputs, in their order.
  package static func list(_ outputs: [Output]) -> [JobWarning] {
    var found: [JobWarning] = []
    for output in outputs {
      guard let text = output.warnings, found.count < most else { continue }
      for warning in ConversionWarning.list(text).prefix(most - found.count) {
        found.append(
          JobWarning(
            code: warning.rawValue, message: warning.sentence, fileName: output.fileName, outputID: output.id))
      }
    }
    return found
  }
}
