/// Turns row numbers into opaque public identifiers and back, by a permutation of 64-bit numbers under a secret key.
///
/// A balanced Feistel network of six rounds; the round function is SipHash-2-4 over kind, round and half. So a public
/// identifier needs no index of its own, and nobody can guess a neighbour's.
package struct PublicIdentifiers: Sendable {
  /// What is identified: the printed prefix, which also keeps the numbers of different kinds apart.
  package struct Kind: Sendable, Hashable {
    package let prefix: String
    let domain: UInt8

    package static let request = Kind(prefix: "req_", domain: 1)
    package static let file = Kind(prefix: "", domain: 2)
    package static let batch = Kind(prefix: "bat_", domain: 3)
    package static let event = Kind(prefix: "evt_", domain: 4)
    package static let access = Kind(prefix: "acc_", domain: 5)
    package static let input = Kind(prefix: "", domain: 21)
    package static let task = Kind(prefix: "", domain: 22)
    /// A file that stays until it is deleted.
    package static let storedFile = Kind(prefix: "", domain: 24)
    package static let folder = Kind(prefix: "", domain: 25)
    /// A file that comes in parts.
    package static let upload = Kind(prefix: "", domain: 26)
    package static let preset = Kind(prefix: "", domain: 27)
    package static let delivery = Kind(prefix: "", domain: 28)
    /// An amount of one currency told in another.
    package static let exchange = Kind(prefix: "", domain: 29)
    /// Only proves that a longer identifier is one.
    package static let proof = Kind(prefix: "", domain: 23)
  }

  static let rounds: UInt8 = 6

  private let mixer: SipHash

  /// Takes at least 16 secret bytes, of which the first 16 count.
  package init(key: [UInt8]) {
    func word(_ start: Int) -> UInt64 { key[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    mixer = SipHash(word(0), word(8))
  }

  /// The public identifier of a row: prefix and 13 characters.
  package func text(_ kind: Kind, _ row: Int64) -> String {
    kind.prefix + Base32.encode(permute(UInt64(bitPattern: row), kind))
  }

  /// The row of a public identifier, or nil for a text that was never one.
  package func row(_ kind: Kind, _ text: String) -> Int64? { row(kind, text[...]) }

  package func row(_ kind: Kind, _ text: Substring) -> Int64? {
    let prefix = kind.prefix.utf8
    guard text.utf8.starts(with: prefix), let number = Base32.decode(Substring(text.utf8.dropFirst(prefix.count)))
    else { return nil }
    let row = Int64(bitPattern: restore(number, kind))
    return row > 0 ? row : nil
  }

  private func permute(_ number: UInt64, _ kind: Kind) -> UInt64 {
    var left = UInt32(truncatingIfNeeded: number >> 32)
    var right = UInt32(truncatingIfNeeded: number)
    for round in 0..<PublicIdentifiers.rounds {
      (left, right) = (right, left ^ mix(right, round, kind))
    }
    return UInt64(left) << 32 | UInt64(right)
  }

  private func restore(_ number: UInt64, _ kind: Kind) -> UInt64 {
    var left = UInt32(truncatingIfNeeded: number >> 32)
    var right = UInt32(truncatingIfNeeded: number)
    for round in (0..<PublicIdentifiers.rounds).reversed() {
      (left, right) = (right ^ mix(left, round, kind), left)
    }
    return UInt64(left) << 32 | UInt64(right)
  }

  private func mix(_ half: UInt32, _ round: UInt8, _ kind: Kind) -> UInt32 {
    UInt32(truncatingIfNeeded: mixer.code(ofWord: UInt64(kind.domain) << 40 | UInt64(round) << 32 | UInt64(half)))
  }
}
