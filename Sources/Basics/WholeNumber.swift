/// A whole number from 0 on of any size; nine decimal digits stand in each word, the lowest first.
struct WholeNumber: Equatable, Sendable {
  private static let base: UInt64 = 1_000_000_000
  private static let digitsOfWord = 9

  /// Without zeros at the high end; none for 0.
  private var words: [UInt32] = []

  static let zero = WholeNumber()

  /// The number of decimal digits; what is no digit is left out.
  init(digits: some BidirectionalCollection<UInt8>) {
    var word: UInt32 = 0
    var scale: UInt32 = 1
    for digit in digits.reversed() where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
      word += UInt32(digit - UInt8(ascii: "0")) * scale
      scale *= 10
      guard scale == UInt32(WholeNumber.base) else { continue }
      words.append(word)
      (word, scale) = (0, 1)
    }
    words.append(word)
    trim()
  }

  private init() {}

  var isZero: Bool { words.isEmpty }

  /// Its decimal digits, highest first; "0" for 0.
  var digits: [UInt8] {
    guard let highest = words.last else { return [UInt8(ascii: "0")] }
    return words.dropLast().reversed().reduce(into: Array(String(highest).utf8)) { all, word in
      let text = Array(String(word).utf8)
      all += [UInt8](repeating: UInt8(ascii: "0"), count: WholeNumber.digitsOfWord - text.count) + text
    }
  }

  static func * (left: WholeNumber, right: WholeNumber) -> WholeNumber {
    guard !left.isZero, !right.isZero else { return .zero }
    var product = WholeNumber()
    product.words = [UInt32](repeating: 0, count: left.words.count + right.words.count)
    for (i, a) in left.words.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.words.enumerated() {
        let sum = UInt64(a) * UInt64(b) + UInt64(product.words[i + j]) + carry
        product.words[i + j] = UInt32(sum % base)
        carry = sum / base
      }
      product.words[i + right.words.count] = UInt32(carry)
    }
    product.trim()
    return product
  }

  /// Ten to a power.
  static func tenTo(_ power: Int) -> WholeNumber {
    WholeNumber(digits: [UInt8(ascii: "1")] + [UInt8](repeating: UInt8(ascii: "0"), count: power))
  }

  /// The quotient by a number that is not 0, and whether what is left is half of it or more; digit by digit, as on paper.
  func divided(by divisor: WholeNumber) -> (quotient: WholeNumber, isHalfOrMore: Bool) {
    var rest = WholeNumber()
    var quotient: [UInt8] = []
    for digit in digits {
      rest.append(digit)
      var count: UInt8 = 0
      while !(rest < divisor) {
        rest.subtract(divisor)
        count += 1
      }
      quotient.append(UInt8(ascii: "0") + count)
    }
    let double = rest * WholeNumber(digits: [UInt8(ascii: "2")])
    return (WholeNumber(digits: quotient), !(double < divisor))
  }

  /// One more.
  var successor: WholeNumber {
    var next = self
    for index in next.words.indices {
      next.words[index] += 1
      guard next.words[index] == UInt32(WholeNumber.base) else { return next }
      next.words[index] = 0
    }
    next.words.append(1)
    return next
  }

  static func < (left: WholeNumber, right: WholeNumber) -> Bool {
    guard left.words.count == right.words.count else { return left.words.count < right.words.count }
    return left.words.reversed().lexicographicallyPrecedes(right.words.reversed())
  }

  /// Writes a decimal digit behind the others.
  private mutating func append(_ digit: UInt8) {
    var carry = UInt64(digit - UInt8(ascii: "0"))
    for index in words.indices {
      let sum = UInt64(words[index]) * 10 + carry
      words[index] = UInt32(sum % WholeNumber.base)
      carry = sum / WholeNumber.base
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }

  /// Takes away what is not more.
  private mutating func subtract(_ other: WholeNumber) {
    var isOwed = false
    for index in words.indices {
      let taken = (index < other.words.count ? other.words[index] : 0) + (isOwed ? 1 : 0)
      isOwed = words[index] < taken
      words[index] = words[index] + (isOwed ? UInt32(WholeNumber.base) : 0) - taken
    }
    trim()
  }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }
}
