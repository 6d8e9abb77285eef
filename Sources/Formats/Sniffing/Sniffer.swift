package import Basics
import Glibc

/// Tells what a file may be from its first bytes, and of an archive from its directory; names and media types that a client sends are never believed.
package enum Sniffer {
  /// As many bytes as the answer can depend on.
  package static let sampleSize = 512

  private struct Magic {
    let bytes: [UInt8]
    let offset: Int
    let type: Sniffed

    init(_ bytes: [UInt8], at offset: Int = 0, _ name: String, _ description: String) {
      self.bytes = bytes
      self.offset = offset
      type = Sniffed(name: name, description: description)
    }

    init(_ bytes: [UInt8], _ type: Sniffed) {
      self.bytes = bytes
      offset = 0
      self.type = type
    }

    init(_ text: StaticString, at offset: Int = 0, _ name: String, _ description: String) {
      self.init(text.withUTF8Buffer(Array.init), at: offset, name, description)
    }

    func matches(_ sample: [UInt8]) -> Bool {
      sample.dropFirst(offset).starts(with: bytes)
    }
  }

  /// The first match counts, so a more exact one stands before a wider one.
  private static let magics = [
    Magic([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "png", "a PNG picture"),
    Magic([0xFF, 0xD8, 0xFF], "jpeg", "a JPEG picture"),
    Magic("GIF8", "gif", "a GIF picture"),
    Magic("WEBP", at: 8, "webp", "a WebP picture"),
    Magic("WAVE", at: 8, "wav", "a WAV sound"),
    Magic("AVI ", at: 8, "avi", "an AVI film"),
    Magic([0x49, 0x49, 0x2A, 0x00], "tiff", "a TIFF picture"),
    Magic([0x4D, 0x4D, 0x00, 0x2A], "tiff", "a TIFF picture"),
    Magic([0x00, 0x00, 0x01, 0x00], "ico", "an icon file"),
    Magic([0x00, 0x00, 0x02, 0x00], "cur", "a cursor file"),
    Magic("P7\n", "pam", "a PAM picture"),
    Magic("8BPS", "psd", "a Photoshop document"),
    Magic([0xFF, 0x0A], "jxl", "a JPEG XL picture"),
    Magic([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A], "jxl", "a JPEG XL picture"),
    Magic("qoif", "qoi", "a QOI picture"),
    Magic("fLaC", "flac", "a FLAC sound"),
    Magic("ID3", "mp3", "an MP3 sound"),
    Magic("%PDF-", "pdf", "a PDF document"),
    Magic([0xC5, 0xD0, 0xD3, 0xC6], "eps", "an EPS drawing"),
    Magic([0x50, 0x4B, 0x03, 0x04], "zip", "a ZIP archive or an Office document"),
    Magic([0x50, 0x4B, 0x05, 0x06], "zip", "an empty ZIP archive"),
    Magic([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "ole", "an old Office document"),
    Magic([0x1F, 0x8B], Sniffed(name: "gz", description: "a gzip archive", candidates: [.gz, .tgz])),
    Magic("ustar", at: 257, "tar", "a TAR archive"),
    Magic([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z", "a 7z archive"),
    Magic("Rar!", "rar", "a RAR archive"),
    Magic("{\\rtf", "rtf", "an RTF document"),
    Magic([0x7F, 0x45, 0x4C, 0x46], "elf", "a program"),
    Magic("BM", "bmp", "a BMP picture"),
  ]

  private static let tga = Sniffed(name: "tga", description: "a TGA picture")
  private static let pnm = Sniffed(name: "pnm", description: "a PNM picture")

  /// The type of a file of which these are the first bytes.
  package static func type(of sample: [UInt8]) -> Sniffed {
    if sample.isEmpty { return .nothing }
    if isTGA(sample) { return tga }
    if let magic = magics.first(where: { $0.matches(sample) }) { return magic.type }
    if isPNM(sample) { return pnm }
    return media(of: sample) ?? text(ofAnyEncoding: sample) ?? .unknown()
  }

  /// The type of an open file; its offset stays where it is.
  package static func type(ofFile descriptor: Int32) throws(SystemFailure) -> Sniffed {
    var sample = [UInt8](repeating: 0, count: sampleSize)
    let count = try check("pread", "input") { pread(descriptor, &sample, sampleSize, 0) }
    let type = type(of: Array(sample.prefix(count)))
    switch type.name {
    case "zip": return try archive(ofFile: descriptor)
    case "ole": return try compound(ofFile: descriptor)
    default: return type
    }
  }

  /// The type of the file at a path.
  package static func type(ofFileAt path: String) throws(SystemFailure) -> Sniffed {
    let descriptor = try check("open", path) { open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    return try type(ofFile: descriptor)
  }

  /// "P1" to "P6" and white space, a comment or a digit behind.
  private static func isPNM(_ sample: [UInt8]) -> Bool {
    guard sample.count > 3, sample[0] == 0x50, (0x31...0x36).contains(sample[1]) else { return false }
    return sample[2] == 0x20 || (0x09...0x0D).contains(sample[2]) || sample[2] == UInt8(ascii: "#")
  }

  /// TGA has no signature, and may begin like a cursor: every field of its header must be one that a writer of TGA would write.
  private static func isTGA(_ sample: [UInt8]) -> Bool {
    guard sample.count > 18, sample[1] <= 1, [1, 2, 3, 9, 10, 11].contains(sample[2]) else { return false }
    let hasPalette = sample[1] == 1
    guard [15, 16, 24, 32].contains(sample[7]) || !hasPalette && [0, 8].contains(sample[7]),
      hasPalette || sample[2] & 7 != 1 || sample[7] == 0,
      [8, 15, 16, 24, 32].contains(sample[16]), sample[17] & 0xC0 == 0, sample[12] | sample[13] != 0,
      sample[14] | sample[15] != 0
    else { return false }
    if hasPalette || sample[3...6].allSatisfy({ $0 == 0 }) { return true }
    // A palette that is not there may be described all the same, where nothing else tells of an icon.
    return sample[2] & 7 != 1 && [0, 1, 8].contains(sample[17] & 15) && !isIcon(sample)
  }

  /// A directory of at least one picture, which lies behind it.
  private static func isIcon(_ sample: [UInt8]) -> Bool {
    let count = Int(sample[4]) | Int(sample[5]) << 8
    guard sample[0] == 0, sample[1] == 0, count > 0, sample.count >= 22 else { return false }
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(sample[place + $1]) << ($1 * 8) } }
    return number(14) > 0 && number(18) >= 6 + 16 * count
  }
}
