package import Formats

/// A program without which something cannot be made that otherwise could.
package struct Absence: Sendable, Equatable {
  package let program: Program
  /// True when it is here and yet does not work.
  package let isBroken: Bool

  /// What a job fails with that needs it.
  package var failure: ConversionFailure {
    ConversionFailure(.unsupportedConversion, "this conversion needs \(words) any more", isOfServer: true)
  }

  /// To follow "needs " or "by ".
  package var words: String {
    "\(program.name), of the Debian package \(program.package), which \(isBroken ? "does not work" : "is not") here"
  }
}
