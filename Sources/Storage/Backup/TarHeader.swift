/// The 512-byte header of one regular file in a tar archive (POSIX.1-1988 ustar, with GNU's numbers for large sizes).
struct TarHeader: Equatable {
  static let blockSize = 512

  let name: String
  let size: Int64
  /// Seconds since 1970.
  let modified: Int64

  /// The zero bytes that follow a file up to the next block.
  static func padding(after size: Int64) -> Int {
    (blockSize - Int(size % Int64(blockSize))) % blockSize
  }

  /// Names longer than 100 bytes have no place here; a backup has none.
  var bytes: [UInt8] {
    precondition(name.utf8.count <= 100, "a name too long for a tar header")
    var block = [UInt8](repeating: 0, count: TarHeader.blockSize)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put("0000600\0", at: 100)
    put("0000000\0", at: 108)
    put("0000000\0", at: 116)
    block.replaceSubrange(124..<136, with: TarHeader.number(size))
    block.replaceSubrange(136..<148, with: TarHeader.number(modified))
    put("        ", at: 148)
    block[156] = UInt8(ascii: "0")
    put("ustar\u{0}00", at: 257)
    let sum = String(TarHeader.sum(block), radix: 8)
    put(String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0 ", at: 148)
    return block
  }

  /// Reads a header; nil for the block of zeros at the end.
  ///
  /// Throws `BackupFailure` for anything but a regular file.
  static func read(_ block: [UInt8]) throws -> TarHeader? {
    if block.allSatisfy({ $0 == 0 }) { return nil }
    guard let sum = value(block[148..<156]), sum == Int64(TarHeader.sum(block)),
      block[257..<262].elementsEqual("ustar".utf8)
    else { throw BackupFailure.notABackup("it is not a tar archive, or damaged there") }
    let end = block[..<100].firstIndex(of: 0) ?? 100
    guard block[156] == UInt8(ascii: "0"), block[345] == 0, let name = String(validating: block[..<end], as: UTF8.self),
      let size = value(block[124..<136]), let modified = value(block[136..<148]), size >= 0
    else { throw BackupFailure.notABackup("it holds something else than files of a backup") }
    return TarHeader(name: name, size: size, modified: modified)
  }

  /// Octal digits up to 8 GiB; above, a set first bit and the number itself.
  private static func number(_ value: Int64) -> [UInt8] {
    let digits = Array(String(value, radix: 8).utf8)
    if digits.count <= 11 { return [UInt8](repeating: 0x30, count: 11 - digits.count) + digits + [0] }
    return [0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func value(_ field: ArraySlice<UInt8>) -> Int64? {
    if field.first == 0x80 {
      let high = field.dropFirst().dropLast(8)
      guard high.allSatisfy({ $0 == 0 }) else { return nil }
      return field.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  /// The sum of all bytes, with spaces where the sum itself stands.
  private static func sum(_ block: [UInt8]) -> Int {
    block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
  }
}
