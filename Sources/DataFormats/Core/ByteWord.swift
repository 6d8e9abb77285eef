/// Eight bytes of a text at once, looked through for the few that end a run.
package struct ByteWord {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  private let bytes: UInt64

  /// The eight bytes from `start` on, which must be there.
  @inline(__always)
  package init(_ start: UnsafePointer<UInt8>) {
    bytes = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
  }

  /// The same byte eight times.
  @inline(__always)
  package static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* ones }

  @inline(__always)
  package static func == (word: ByteWord, all: UInt64) -> Bool { word.bytes == all }

  /// How many bytes come before the first that is one of two of ASCII (each given by `all`), below a blank or, where it
  /// matters, above ASCII; 8 where there is none.
  @inline(__always)
  package func plain(but one: UInt64, _ other: UInt64) -> Int { ((found(one, other) | bytes) & Self.tops).places }

  /// As `plain`, with no regard to what is above ASCII.
  @inline(__always)
  package func ordinary(but one: UInt64, _ other: UInt64) -> Int { (found(one, other) & ~bytes & Self.tops).places }

  /// The top bit of each byte: set where the byte is found, of no meaning in bytes above ASCII.
  ///
  /// With the top bits set before, no subtraction borrows from the next byte.
  @inline(__always)
  private func found(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let below = (bytes | Self.tops) &- Self.all(0x20)
    let isOne = ((bytes ^ one) | Self.tops) &- Self.ones
    let isOther = ((bytes ^ other) | Self.tops) &- Self.ones
    return ~(below & isOne & isOther)
  }
}

extension UInt64 {
  /// The number of bytes before the first that has a bit.
  @inline(__always)
  fileprivate var places: Int { trailingZeroBitCount >> 3 }
}
