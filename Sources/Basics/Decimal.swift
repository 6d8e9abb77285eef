/// An exact decimal number as it was written: digits and how many of them stand behind the point.
///
/// No binary fraction is ever made of it, so what people count as money stays what it is.
package struct Decimal: Equatable, Sendable {
  /// Digits that a number may have, before and behind the point together.
  package static let mostDigits = 60

  /// As it was written.
  package let text: String
  let isNegative: Bool
  let whole: WholeNumber
  /// How many of its digits stand behind the point.
  let scale: Int

  /// Reads digits with a point among them or none, and a minus sign before them or none; nil for anything else, an
  /// exponent, a plus sign, a comma, spaces and more than `mostDigits` digits too.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    let isNegative = bytes.first == UInt8(ascii: "-")
    let parts = bytes.dropFirst(isNegative ? 1 : 0).split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.flatMap { $0 }
    guard parts.allSatisfy({ !$0.isEmpty }), digits.count <= Decimal.mostDigits, !digits.isEmpty,
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.text = String(text)
    self.isNegative = isNegative
    whole = WholeNumber(digits: digits)
    scale = parts.count > 1 ? parts[1].count : 0
  }

  package var isZero: Bool { whole.isZero }
  package var isPositive: Bool { !isNegative && !isZero }

  /// One factor of a product.
  package enum Factor: Equatable, Sendable {
    case times(Decimal)
    case dividedBy(Decimal)
  }

  /// The product with all factors, rounded once at the end to so many digits behind the point, and written with all of
  /// them.
  ///
  /// Half is rounded away from zero. Nil where something is divided by 0.
  package func product(_ factors: [Factor], digits places: Int) -> String? {
    var (above, below) = (whole, WholeNumber.tenTo(scale))
    var isNegative = isNegative
    for factor in factors {
      switch factor {
      case .times(let other):
        above = above * other.whole
        below = below * WholeNumber.tenTo(other.scale)
        isNegative = isNegative != other.isNegative
      case .dividedBy(let other):
        guard !other.isZero else { return nil }
        above = above * WholeNumber.tenTo(other.scale)
        below = below * other.whole
        isNegative = isNegative != other.isNegative
      }
    }
    let (quotient, isUp) = (above * WholeNumber.tenTo(places)).divided(by: below)
    return Decimal.written(isUp ? quotient.successor : quotient, isNegative, places)
  }

  private static func written(_ number: WholeNumber, _ isNegative: Bool, _ places: Int) -> String {
    var digits = number.digits
    digits.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "0"), count: max(0, places + 1 - digits.count)), at: 0)
    if places > 0 { digits.insert(UInt8(ascii: "."), at: digits.count - places) }
    return (isNegative && !number.isZero ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }
}
