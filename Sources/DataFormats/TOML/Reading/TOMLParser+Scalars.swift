extension TOMLParser {
  private static let words: [(String, DataScalar)] = [
    ("true", .bool(true)), ("false", .bool(false)),
    ("inf", .infinity(negative: false)), ("+inf", .infinity(negative: false)), ("-inf", .infinity(negative: true)),
    ("nan", .notANumber), ("+nan", .notANumber), ("-nan", .notANumber),
  ]

  /// Reads a Boolean, a number or a moment.
  mutating func scanScalar() throws -> DataScalar {
    let start = at
    skipToken()
    guard at > start else { throw fault("a value is expected, not \(shownNext)") }
    var token = bytes[start..<at]
    if let word = Self.words.first(where: { token.elementsEqual($0.0.utf8) }) { return word.1 }
    if isMoment(token) {
      if token.count == 10, bytes[at] == 0x20, TOMLNumber.digit(bytes[at + 1]).map({ $0 < 10 }) == true {
        at += 1
        skipToken()
        token = bytes[start..<at]
      }
      guard let moment = TOMLMoment.read(Array(token)) else {
        throw fault("\(shown(token)) is no date or time that there is; 2026-01-02T03:04:05Z is one", at: start)
      }
      return .moment(moment.text)
    }
    do { return .number(try TOMLNumber.spelled(token)) } catch .beyond64Bits {
      throw fault("the integer \(shown(token)) is beyond 64 bits", at: start)
    } catch .malformed {
      throw fault("\(shown(token)) is no value: neither a number nor a date, and texts stand in quotes", at: start)
    }
  }

  /// Passes what a value without quotes or brackets may be made of.
  private mutating func skipToken() {
    while TOMLKey.isBare(bytes[at]) || bytes[at] == 0x2B || bytes[at] == 0x2E || bytes[at] == 0x3A { at += 1 }
  }

  /// True for what begins with four digits and a hyphen, or with two and a colon.
  private func isMoment(_ token: ArraySlice<UInt8>) -> Bool {
    let digits = token.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    guard digits < token.count, digits > 0 else { return false }
    let next = token[token.startIndex + digits]
    return digits == 4 && next == 0x2D || digits == 2 && next == 0x3A
  }

  private func shown(_ token: ArraySlice<UInt8>) -> String {
    "'" + String(decoding: token.prefix(40), as: UTF8.self) + (token.count > 40 ? "…'" : "'")
  }
}
