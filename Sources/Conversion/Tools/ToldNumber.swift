/// A number that a confined program has told: nothing says that it is true, and whatever is calculated with it has to fit.
enum ToldNumber {
  /// Of anything that is counted; two of them can be multiplied.
  static let most = 1 << 31
  /// Of pages.
  static let mostPages = 1_000_000

  /// Nil for what is no number from 0 to `most`.
  static func read(_ text: some StringProtocol, atMost most: Int = most) -> Int? {
    accept(Int(text), atMost: most)
  }

  /// The same for what is a number already.
  static func accept(_ number: (some BinaryInteger)?, atMost most: Int = most) -> Int? {
    number.flatMap { Int(exactly: $0) }.flatMap { (0...most).contains($0) ? $0 : nil }
  }
}
