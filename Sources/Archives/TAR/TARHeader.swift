/// A header block of 512 bytes (IEEE 1003.1-2024 pax, "ustar Interchange Format").
struct TARHeader {
  static let length = 512

  private let bytes: [UInt8]

  /// Takes a whole block, whose sum has to be right.
  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let wrong = ArchiveFault(.malformed, "a header of it has a wrong check sum, so it is damaged or no TAR archive")
    guard let sum = try? number(148, 8, "check sum") else { throw wrong }
    var (plain, signed) = (8 * 0x20, 8 * 0x20)
    for (place, byte) in bytes.enumerated() where !(148..<156).contains(place) {
      plain += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    // Old programs summed signed bytes.
    guard sum == plain || sum == signed else { throw wrong }
  }

  var type: UInt8 { bytes[156] }
  /// In bytes; never negative.
  var size: Int {
    get throws {
      let size = try number(124, 12, "size")
      guard size >= 0 else { throw ArchiveFault(.malformed, "an entry of it has a negative size") }
      return size
    }
  }
  /// In seconds since 1970; nil for what is no number.
  var modified: Int? { try? number(136, 12, "time") }

  /// With the folder before it where the header is one of POSIX; GNU keeps other things there.
  var name: [UInt8] {
    let name = text(0, 100)
    guard bytes[257..<263].elementsEqual("ustar\0".utf8), bytes[345] != 0 else { return name }
    return text(345, 155) + [0x2F] + name
  }

  private func text(_ start: Int, _ length: Int) -> [UInt8] { Array(bytes[start..<start + length].prefix { $0 != 0 }) }

  /// Digits of base eight, or where the first bit is set, all others as a number of base 256 (GNU).
  private func number(_ start: Int, _ length: Int, _ what: String) throws -> Int {
    let field = bytes[start..<start + length]
    if bytes[start] & 0x80 != 0 {
      var number = bytes[start] & 0x40 != 0 ? -1 : Int(bytes[start] & 0x3F)
      for byte in field.dropFirst() {
        let (high, overflow) = number.multipliedReportingOverflow(by: 256)
        guard !overflow else { throw ArchiveFault(.tooLarge, "an entry of it has a \(what) beyond any file") }
        number = high | Int(byte)
      }
      return number
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    guard digits.allSatisfy({ (0x30...0x37).contains($0) }), digits.count <= 20 else {
      throw ArchiveFault(.malformed, "an entry of it has a \(what) that is no octal number")
    }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }
}
