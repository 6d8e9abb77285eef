import CImage

/// A JPEG or PNG as a PDF can hold it, its coded pixels unchanged.
package struct PDFPicture {
  package let width: Int
  package let height: Int
  /// The coded pixels, and the entries of the object that has them (ISO 32000-1, 8.9.5).
  package let stream: [UInt8]
  package let entries: String

  private static let longestSide = 30_000

  /// Nil for what is damaged, or would have to be decoded first: turned, interlaced or with transparency.
  package init?(_ file: [UInt8]) {
    if file.starts(with: [0xFF, 0xD8, 0xFF]) { self.init(jpeg: file) } else { self.init(png: file) }
  }

  private init?(_ width: Int, _ height: Int, _ stream: [UInt8], bits: Int, _ entries: String) {
    guard (1...PDFPicture.longestSide).contains(width), (1...PDFPicture.longestSide).contains(height) else {
      return nil
    }
    (self.width, self.height, self.stream) = (width, height, stream)
    self.entries =
      "/Type /XObject /Subtype /Image /Width \(width) /Height \(height) /BitsPerComponent \(bits) \(entries) "
  }

  /// By the frame's header (ITU-T T.81, B.2.2): 8 bits, baseline or progressive.
  private init?(jpeg file: [UInt8]) {
    guard file.suffix(2) == [0xFF, 0xD9] else { return nil }
    var at = 2
    while at + 9 < file.count, file[at] == 0xFF {
      let marker = file[at + 1]
      let length = Int(file[at + 2]) << 8 | Int(file[at + 3])
      switch marker {
      case 0xFF:
        at += 1
        continue
      case 0xE1:
        let body = file[at + 4..<min(max(at + 4, at + 2 + length), file.count)]
        if body.starts(with: Array("Exif\0\0".utf8)), let turn = EXIF(body.dropFirst(6)).orientation, turn != .upright {
          return nil
        }
      case 0xC0...0xC2:
        let sides = PDFPicture.sides(file, at + 5)
        guard file[at + 4] == 8, let space = [1: "Gray", 3: "RGB"][file[at + 9]] else { return nil }
        self.init(sides.width, sides.height, file, bits: 8, "/ColorSpace /Device\(space) /Filter /DCTDecode")
        return
      case 0xC3...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC: return nil
      case 0xD8...0xDA: return nil
      default: break
      }
      at += 2 + max(2, length)
    }
    return nil
  }

  private static func sides(_ file: [UInt8], _ at: Int) -> (width: Int, height: Int) {
    (Int(file[at + 2]) << 8 | Int(file[at + 3]), Int(file[at]) << 8 | Int(file[at + 1]))
  }

  /// By its chunks (PNG third edition, 11.2): what is in those of the pixels is what FlateDecode takes.
  private init?(png file: [UInt8]) {
    guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
    var header: ArraySlice<UInt8>?
    var palette: ArraySlice<UInt8> = []
    var pixels: [UInt8] = []
    var at = 8
    var isWhole = false
    while !isWhole, at + 12 <= file.count {
      let count = PDFPicture.big32(file, at)
      guard count <= file.count - at - 12 else { return nil }
      let body = file[at + 8..<at + 8 + count]
      guard PDFPicture.sum(file, at + 4, count + 4) == PDFPicture.big32(file, at + 8 + count) else { return nil }
      switch String(decoding: file[at + 4..<at + 8], as: UTF8.self) {
      case "IHDR": header = body
      case "PLTE": palette = body
      case "IDAT": pixels += body
      case "tRNS": return nil
      case "IEND": isWhole = true
      default: break
      }
      at += 12 + count
    }
    guard isWhole, !pixels.isEmpty, let header, header.count == 13 else { return nil }
    let facts = Array(header)
    let (bits, kind, isInterlaced) = (Int(facts[8]), facts[9], facts[12] != 0)
    let (width, height) = (PDFPicture.big32(facts, 0), PDFPicture.big32(facts, 4))
    guard !isInterlaced, [1, 2, 4, 8, 16].contains(bits) else { return nil }
    let space: String
    switch kind {
    case 0: space = "/DeviceGray"
    case 2: space = "/DeviceRGB"
    case 3:
      guard (3...768).contains(palette.count), palette.count % 3 == 0, bits <= 8 else { return nil }
      let digits = palette.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      space = "[/Indexed /DeviceRGB \(palette.count / 3 - 1) <\(digits)>]"
    default: return nil
    }
    self.init(
      width, height, pixels, bits: bits,
      "/ColorSpace \(space) /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors \(kind == 2 ? 3 : 1) "
        + "/BitsPerComponent \(bits) /Columns \(width) >>")
  }

  private static func big32(_ bytes: [UInt8], _ at: Int) -> Int {
    bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func sum(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    bytes.withUnsafeBufferPointer { all in
      let part = UnsafeBufferPointer(rebasing: all[at..<at + count])
      return Int(cimage_crc(0, part.baseAddress, part.count))
    }
  }
}
