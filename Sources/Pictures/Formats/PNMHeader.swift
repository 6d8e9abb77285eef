import Formats

/// What stands before the pixels of one of Netpbm's files.
struct PNMHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// Channels.
  private(set) var depth = 1
  /// The value of white.
  private(set) var most = 1
  /// Numbers as text instead of bytes.
  private(set) var isText = false
  /// One bit a pixel, 1 is black.
  private(set) var isPacked = false

  var sampleBytes: Int { most > 255 ? 2 : 1 }

  init(_ stream: ByteStream) throws(ConversionFailure) {
    let magic = try stream.read(2)
    guard magic[0] == UInt8(ascii: "P"), (0x31...0x37).contains(magic[1]) else { throw stream.damaged("no signature") }
    if magic[1] == 0x37 {
      try readLines(stream)
    } else {
      isText = magic[1] <= 0x33
      isPacked = magic[1] == 0x31 || magic[1] == 0x34
      depth = magic[1] == 0x33 || magic[1] == 0x36 ? 3 : 1
      width = try PNMHeader.number(stream)
      height = try PNMHeader.number(stream)
      if !isPacked { most = try PNMHeader.number(stream) }
    }
    guard width > 0, height > 0, (1...65_535).contains(most), (1...4).contains(depth) else {
      throw stream.damaged("impossible header")
    }
  }

  /// PAM's header: a line each, in any order.
  private mutating func readLines(_ stream: ByteStream) throws(ConversionFailure) {
    most = 0
    depth = 0
    var kind = ""
    _ = try PNMHeader.line(stream)
    for _ in 0..<64 {
      let words = try PNMHeader.line(stream).split(separator: " ")
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      let value = words.count > 1 ? Int(words[1]) ?? 0 : 0
      switch name {
      case "WIDTH": width = value
      case "HEIGHT": height = value
      case "DEPTH": depth = value
      case "MAXVAL": most = value
      case "TUPLTYPE": kind = words.dropFirst().joined(separator: " ")
      case "ENDHDR":
        try check(kind, stream)
        return
      default: break
      }
    }
    throw stream.damaged("endless header")
  }

  /// The depth alone tells what samples mean, but for kinds that are neither grey nor RGB.
  private func check(_ kind: String, _ stream: ByteStream) throws(ConversionFailure) {
    let colours = kind.hasSuffix("_ALPHA") ? kind.dropLast(6) : kind[...]
    guard ["", "BLACKANDWHITE", "GRAYSCALE", "RGB"].contains(colours) else {
      throw stream.unsupported("tuples of the type \(kind.prefix(40))")
    }
  }

  private static func line(_ stream: ByteStream) throws(ConversionFailure) -> String {
    var bytes: [UInt8] = []
    while bytes.count < 256 {
      let byte = try stream.byte()
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte == 0x09 || byte == 0x0D ? 0x20 : byte)
    }
    throw stream.damaged("long line")
  }

  /// The next number as text, and the one byte of white space behind it.
  static func number(_ stream: ByteStream) throws(ConversionFailure) -> Int {
    var byte = try skipSpace(stream)
    var value = 0
    for _ in 0..<10 {
      guard (0x30...0x39).contains(byte) else { throw stream.damaged("no number") }
      value = value * 10 + Int(byte - 0x30)
      // The last number of a text file may end with the file.
      guard let next = try? stream.byte() else { return value }
      byte = next
      if isSpace(byte) { return value }
      if byte == UInt8(ascii: "#") {
        try skipComment(stream)
        return value
      }
    }
    throw stream.damaged("long number")
  }

  /// The next 0 or 1; they need no space between them.
  static func bit(_ stream: ByteStream) throws(ConversionFailure) -> Int {
    let byte = try skipSpace(stream)
    guard byte == 0x30 || byte == 0x31 else { throw stream.damaged("no bit") }
    return Int(byte - 0x30)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func skipSpace(_ stream: ByteStream) throws(ConversionFailure) -> UInt8 {
    while true {
      let byte = try stream.byte()
      if byte == UInt8(ascii: "#") { try skipComment(stream) } else if !isSpace(byte) { return byte }
    }
  }

  private static func skipComment(_ stream: ByteStream) throws(ConversionFailure) {
    while true {
      let byte = try stream.byte()
      if byte == 0x0A || byte == 0x0D { return }
    }
  }
}
