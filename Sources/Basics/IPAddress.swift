import Glibc

/// A numeric IP address; IPv4 is kept as the mapped IPv6 one (RFC 4291 section 2.5.5.2), so that both compare.
package struct IPAddress: Sendable, Equatable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

  /// Reads "192.0.2.1" or "2001:db8::1"; nil for anything else, a zone included.
  package init?(_ text: some StringProtocol) { self.init(String(text)) }

  package init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      (high, low) = (0, IPAddress.mappedPrefix | UInt64(UInt32(bigEndian: four.s_addr)))
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      let bytes = withUnsafeBytes(of: &six) { Array($0) }
      high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
      low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    } else {
      return nil
    }
  }

  package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// True for 0.0.0.0 and ::, which stand for every address of a machine.
  package var isUnspecified: Bool { high == 0 && (low == 0 || low == IPAddress.mappedPrefix) }

  /// The usual text; a mapped address is shown as IPv4.
  package var description: String {
    var text = [CChar](repeating: 0, count: 64)
    if isIPv4 {
      var four = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
      inet_ntop(AF_INET, &four, &text, 64)
    } else {
      var six = in6_addr()
      withUnsafeMutableBytes(of: &six) { bytes in
        bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      inet_ntop(AF_INET6, &six, &text, 64)
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The first 64 bits, as 16 hexadecimal digits.
  package var network64: String {
    let digits = String(high, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// True when the first `bits` of 128 are those of the other address.
  package func shares(_ bits: Int, with other: IPAddress) -> Bool {
    let highBits = min(bits, 64)
    let lowBits = bits - highBits
    return (high ^ other.high) & IPAddress.mask(highBits) == 0 && (low ^ other.low) & IPAddress.mask(lowBits) == 0
  }

  private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~0 << UInt64(64 - bits) }
}
