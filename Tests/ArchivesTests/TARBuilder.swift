@testable import Archives

/// A TAR archive block by block, whose fields can be anything.
struct TARBuilder {
  private(set) var bytes: [UInt8] = []

  /// Adds a header with its content; `size` is what stands in the header, where that is not the truth.
  mutating func add(
    _ name: String, _ content: [UInt8] = [], type: Unicode.Scalar = "0", size: [UInt8]? = nil, prefix: String = "",
    magic: String = "ustar\u{0}00", time: [UInt8] = Array("00000000017\u{0}".utf8), isSigned: Bool = false
  ) {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: [UInt8], at place: Int) { block.replaceSubrange(place..<place + bytes.count, with: bytes) }
    func octal(_ number: Int) -> [UInt8] {
      let digits = Array(String(number, radix: 8).utf8)
      return [UInt8](repeating: 0x30, count: 11 - digits.count) + digits + [0]
    }
    put(Array(name.utf8), at: 0)
    put(Array("0000644\u{0}".utf8), at: 100)
    put(size ?? octal(content.count), at: 124)
    put(time, at: 136)
    put([UInt8](repeating: 0x20, count: 8), at: 148)
    put([UInt8(ascii: type)], at: 156)
    put(Array("target".utf8), at: 157)
    put(Array(magic.utf8), at: 257)
    put(Array(prefix.utf8), at: 345)
    let sum = block.reduce(0) { $0 + (isSigned ? Int(Int8(bitPattern: $1)) : Int($1)) }
    put(Array(octal(sum)[5...]), at: 148)
    bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  /// A record of an extended header.
  static func record(_ key: String, _ value: String) -> [UInt8] {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count
    while String(length).utf8.count + rest.utf8.count != length { length += 1 }
    return Array("\(length)\(rest)".utf8)
  }

  var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

/// Bytes in memory, given a few at a time.
final class BytesSource: ByteSource {
  private let bytes: [UInt8]
  private let most: Int
  private var place = 0

  init(_ bytes: [UInt8], atMost most: Int = .max) {
    self.bytes = bytes
    self.most = most
  }

  func read(_ memory: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(memory.count, bytes.count - place, most)
    memory.copyBytes(from: bytes[place..<place + count])
    place += count
    return count
  }
}

extension ByteSource {
  /// All of it.
  func whole() throws -> [UInt8] {
    var all: [UInt8] = []
    try forEachPiece { all += $0 }
    return all
  }
}
