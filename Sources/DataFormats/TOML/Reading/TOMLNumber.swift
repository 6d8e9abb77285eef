/// Numbers as TOML writes them, in the spelling of JSON.
enum TOMLNumber {
  enum Problem: Error {
    case malformed
    case beyond64Bits
  }

  /// The value of a digit or letter in the greatest of bases.
  static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x61...0x7A: Int(byte) - 0x61 + 10
    case 0x41...0x5A: Int(byte) - 0x41 + 10
    default: nil
    }
  }

  /// An integer or float without its value's changing, but for integers that are not decimal.
  static func spelled(_ token: ArraySlice<UInt8>) throws(Problem) -> String {
    var rest = token
    if rest.starts(with: [0x30]), rest.count > 1, let base = bases[rest[rest.startIndex + 1]] {
      return try integer(rest.dropFirst(2), base: base)
    }
    var text: [UInt8] = []
    if let sign = rest.first, sign == 0x2B || sign == 0x2D {
      if sign == 0x2D { text.append(sign) }
      rest.removeFirst()
    }
    let whole = try digits(&rest)
    if whole.count > 1, whole[0] == 0x30 { throw .malformed }
    text += whole
    if rest.isEmpty { return try decimal(text) }
    if rest.first == 0x2E {
      rest.removeFirst()
      text.append(0x2E)
      text += try digits(&rest)
    }
    if rest.first == 0x65 || rest.first == 0x45 {
      text.append(rest.removeFirst())
      if let sign = rest.first, sign == 0x2B || sign == 0x2D { text.append(rest.removeFirst()) }
      text += try digits(&rest)
    }
    guard rest.isEmpty else { throw .malformed }
    return String(decoding: text, as: UTF8.self)
  }

  private static let bases: [UInt8: Int] = [0x78: 16, 0x6F: 8, 0x62: 2]

  /// Takes decimal digits, between which single underscores may stand.
  private static func digits(_ rest: inout ArraySlice<UInt8>) throws(Problem) -> [UInt8] {
    var result: [UInt8] = []
    var mayUnderscore = false
    while let byte = rest.first, byte == 0x5F || (0x30...0x39).contains(byte) {
      if byte != 0x5F { result.append(byte) } else if !mayUnderscore { throw .malformed }
      mayUnderscore = byte != 0x5F
      rest.removeFirst()
    }
    guard mayUnderscore else { throw .malformed }
    return result
  }

  private static func decimal(_ text: [UInt8]) throws(Problem) -> String {
    guard let value = Int64(String(decoding: text, as: UTF8.self)) else { throw .beyond64Bits }
    return String(value)
  }

  private static func integer(_ digits: ArraySlice<UInt8>, base: Int) throws(Problem) -> String {
    var value: Int64 = 0
    var mayUnderscore = false
    for byte in digits {
      if byte == 0x5F {
        guard mayUnderscore else { throw .malformed }
        mayUnderscore = false
        continue
      }
      guard let digit = digit(byte), digit < base else { throw .malformed }
      mayUnderscore = true
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: Int64(base))
      let (sum, overflows) = product.addingReportingOverflow(Int64(digit))
      if isTooLarge || overflows { throw .beyond64Bits }
      value = sum
    }
    guard mayUnderscore else { throw .malformed }
    return String(value)
  }
}
