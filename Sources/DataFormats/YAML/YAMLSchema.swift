/// What scalars mean by the core schema (YAML 1.2.2 section 10.3).
enum YAMLSchema {
  typealias Mark = YAMLMark

  /// How many digits a hexadecimal or octal number may have before it stays a text; making it decimal takes the square
  /// of them.
  static let mostDigits = 256

  /// The meaning of a plain scalar without a tag.
  static func plain(_ text: ArraySlice<UInt8>) -> DataScalar {
    guard let first = text.first else { return .null }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), Mark.dash, Mark.dot:
      return integer(text) ?? float(text) ?? .string(string(text))
    case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "~"):
      return isNull(text) ? .null : .string(string(text))
    case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      return bool(text) ?? .string(string(text))
    default: return .string(string(text))
    }
  }

  static func isNull(_ text: ArraySlice<UInt8>) -> Bool {
    text.isEmpty || text.count <= 4 && ["~", "null", "Null", "NULL"].contains(string(text))
  }

  static func bool(_ text: ArraySlice<UInt8>) -> DataScalar? {
    guard text.count <= 5 else { return nil }
    switch string(text) {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return nil
    }
  }

  /// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`, in decimal.
  static func integer(_ text: ArraySlice<UInt8>) -> DataScalar? {
    if text.count > 2, text.first == UInt8(ascii: "0") {
      switch text[text.startIndex + 1] {
      case UInt8(ascii: "o"): return decimal(text.dropFirst(2), base: 8)
      case UInt8(ascii: "x"): return decimal(text.dropFirst(2), base: 16)
      default: break
      }
    }
    let sign = text.first == Mark.dash ? "-" : ""
    var digits = text.first == Mark.dash || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    digits = withoutZeros(digits)
    return .number(sign + string(digits))
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, in the spelling of JSON, or what JSON has no spelling for.
  static func float(_ text: ArraySlice<UInt8>) -> DataScalar? {
    let hasSign = text.first == Mark.dash || text.first == UInt8(ascii: "+")
    var rest = hasSign ? text.dropFirst() : text
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8>?
    if rest.first == Mark.dot {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + (fraction?.count ?? 0))
    }
    guard !whole.isEmpty || fraction?.isEmpty == false else { return special(text, hasSign: hasSign) }
    let exponent = rest
    if !exponent.isEmpty {
      guard exponent.first == UInt8(ascii: "e") || exponent.first == UInt8(ascii: "E") else { return nil }
      let digits = exponent.dropFirst()
      let bare = digits.first == Mark.dash || digits.first == UInt8(ascii: "+") ? digits.dropFirst() : digits
      guard !bare.isEmpty, bare.allSatisfy(isDigit) else { return nil }
    }
    let before = (text.first == Mark.dash ? "-" : "") + (whole.isEmpty ? "0" : string(withoutZeros(whole)))
    let between = fraction.map { $0.isEmpty ? ".0" : "." + string($0) } ?? ""
    return .number(before + between + string(exponent))
  }

  private static func special(_ text: ArraySlice<UInt8>, hasSign: Bool) -> DataScalar? {
    guard text.count <= 5 else { return nil }
    switch string(hasSign ? text.dropFirst() : text) {
    case ".inf", ".Inf", ".INF": return .infinity(negative: text.first == Mark.dash)
    case ".nan", ".NaN", ".NAN": return hasSign ? nil : .notANumber
    default: return nil
    }
  }

  private static func decimal(_ digits: ArraySlice<UInt8>, base: UInt32) -> DataScalar? {
    guard digits.count <= mostDigits else { return nil }
    // In groups of nine decimal digits, the lowest first.
    var groups: [UInt32] = [0]
    for byte in digits {
      guard let digit = YAMLParser.digit(byte), digit < base else { return nil }
      var carry = UInt64(digit)
      for index in groups.indices {
        let value = UInt64(groups[index]) * UInt64(base) + carry
        groups[index] = UInt32(truncatingIfNeeded: value % 1_000_000_000)
        carry = value / 1_000_000_000
      }
      if carry > 0 { groups.append(UInt32(truncatingIfNeeded: carry)) }
    }
    let rest = groups.dropLast().reversed().map { group in
      let text = String(group)
      return String(repeating: "0", count: 9 - text.utf8.count) + text
    }
    return .number(String(groups.last ?? 0) + rest.joined())
  }

  private static func withoutZeros(_ digits: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let kept = digits.drop { $0 == UInt8(ascii: "0") }
    return kept.isEmpty ? digits.suffix(1) : kept
  }

  static func string(_ text: ArraySlice<UInt8>) -> String { String(decoding: text, as: UTF8.self) }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
