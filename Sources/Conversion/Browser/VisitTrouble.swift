import Formats

/// Why a page came to nothing.
enum VisitTrouble: Error {
  case failed(ConversionFailure)
  /// The browser is gone, by this page or by another one.
  case lost
  /// The browser does not do as it is told; for operators.
  case refused(String)

  /// What the client hears of it.
  var failure: ConversionFailure {
    switch self {
    case .failed(let failure): failure
    case .lost: ConversionFailure(.converterDied, "the browser died over the page")
    case .refused(let words):
      ConversionFailure(.pageFailed, "the browser could not do what was asked for with the page", words: words)
    }
  }
}
