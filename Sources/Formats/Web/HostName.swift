import Basics

/// The name of a host as the domain name system knows it.
///
/// Letters beyond ASCII are made small and written in Punycode (RFC 3492); the mappings of UTS 46 beyond that are not done.
enum HostName {
  /// The longest label of a name (RFC 1035 section 2.3.4).
  private static let longestLabel = 63

  static func encoded(_ host: String) -> String {
    let name = text(host)
    // A colon of a name, which none has, would be read as the beginning of a port.
    guard name.contains(":"), !name.hasPrefix("[") || !name.hasSuffix("]") else { return name }
    return name.replacing(":", with: "%3A")
  }

  private static func text(_ host: String) -> String {
    let bytes = AddressBytes.decoded(host) { $0 >= 0x80 || AddressBytes.isUnreserved($0) }
    guard let name = String(validating: bytes, as: UTF8.self) else {
      let plain = String(decoding: AddressBytes.decoded(host, where: AddressBytes.isUnreserved), as: UTF8.self)
      return AddressBytes.normalised(plain.lowercased())
    }
    let small = name.lowercased()
    // What is written in hexadecimal has become small, too.
    guard small.utf8.contains(where: { $0 >= 0x80 }) else { return AddressBytes.normalised(small) }
    // U+3002 is the full stop of Chinese and Japanese (RFC 3490 section 3.1).
    let labels = small.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "\u{3002}" }
    return labels.map { AddressBytes.normalised(encoded(label: $0)) }.joined(separator: ".")
  }

  private static func encoded(label: Substring.UnicodeScalarView) -> String {
    let scalars = Array(label)
    guard scalars.contains(where: { !$0.isASCII }) else { return String(String.UnicodeScalarView(label)) }
    // What is no name can be no host either, and the time that Punycode takes grows with the square of the length.
    let isName = scalars.allSatisfy { !$0.isASCII || AddressBytes.isUnreserved(UInt8(truncatingIfNeeded: $0.value)) }
    guard scalars.count <= longestLabel, isName else { return String(String.UnicodeScalarView(label)) }
    return "xn--" + punycode(scalars)
  }

  private static func punycode(_ scalars: [Unicode.Scalar]) -> String {
    let ascii = scalars.filter(\.isASCII)
    var text = String(String.UnicodeScalarView(ascii))
    if !ascii.isEmpty { text += "-" }
    var (next, delta, bias, done) = (0x80, 0, 72, ascii.count)
    while done < scalars.count {
      let values = scalars.map { Int($0.value) }
      guard let least = values.filter({ $0 >= next }).min() else { break }
      delta += (least - next) * (done + 1)
      next = least
      for value in values {
        if value < next { delta += 1 }
        guard value == next else { continue }
        text += digits(delta, bias)
        bias = adapted(delta, count: done + 1, isFirst: done == ascii.count)
        delta = 0
        done += 1
      }
      delta += 1
      next += 1
    }
    return text
  }

  /// A number of variable length (RFC 3492 section 3.3).
  private static func digits(_ delta: Int, _ bias: Int) -> String {
    var (text, rest, place) = ("", delta, 36)
    func digit(_ value: Int) -> String { String(value, radix: 36) }
    func letter(_ value: Int) -> String {
      value < 26 ? String(Unicode.Scalar(UInt8(truncatingIfNeeded: 97 + value))) : digit(value - 26)
    }
    while true {
      let threshold = min(max(place - bias, 1), 26)
      if rest < threshold { return text + letter(rest) }
      text += letter(threshold + (rest - threshold) % (36 - threshold))
      rest = (rest - threshold) / (36 - threshold)
      place += 36
    }
  }

  /// RFC 3492 section 6.1.
  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var steps = 0
    while delta > 455 {
      delta /= 35
      steps += 36
    }
    return steps + 36 * delta / (delta + 38)
  }
}
