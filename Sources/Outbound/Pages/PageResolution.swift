/// What came of looking up a name.
enum PageResolution: Sendable, Equatable {
  /// Numeric, in the order in which they are to be tried.
  case addresses([String])
  case unknown
  /// The name servers did not answer.
  case silent
}
