/// Film, sound and the pictures that lie in a film's container.
extension Sniffer {
  static func media(of sample: [UInt8]) -> Sniffed? {
    if has("ftyp", sample, at: 4) { return boxes(of: sample) }
    if sample.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
      return has("webm", in: sample.prefix(64))
        ? Sniffed(name: "webm", description: "a WebM film", candidates: [.webm, .mkv])
        : Sniffed(name: "mkv", description: "a Matroska film")
    }
    if has("OggS", sample, at: 0) {
      return has("OpusHead", sample, at: 28)
        ? Sniffed(name: "opus", description: "an Opus sound", candidates: [.opus, .ogg])
        : Sniffed(name: "ogg", description: "an Ogg file")
    }
    if isFrameOfAAC(sample) { return Sniffed(name: "aac", description: "an AAC sound") }
    if isFrameOfMP3(sample) { return Sniffed(name: "mp3", description: "an MP3 sound") }
    guard has("%!PS", sample, at: 0) else { return nil }
    let line = sample.prefix { $0 != 0x0A && $0 != 0x0D }
    return has("EPSF", in: line)
      ? Sniffed(name: "eps", description: "an EPS drawing", candidates: [.eps, .ps])
      : Sniffed(name: "ps", description: "a PostScript document", candidates: [.ps, .eps])
  }

  /// By the brand of the file, or for a general one by those it is compatible with (ISO/IEC 14496-12, 4.3).
  private static func boxes(of sample: [UInt8]) -> Sniffed {
    let size = sample.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    let end = min(max(size, 16), sample.count)
    let brands = stride(from: 8, to: end - 3, by: 4).filter { $0 != 12 }.map { start in
      String(decoding: sample[start..<start + 4], as: UTF8.self)
    }
    for brand in brands {
      if let found = byBrand.first(where: { $0.brands.contains(brand) }) {
        return Sniffed(name: found.format.name, description: found.description, candidates: [found.format] + found.also)
      }
    }
    if brands.first == "mif1" || brands.first == "msf1" { return Sniffed(name: "heic", description: "an HEIC picture") }
    return Sniffed(name: "mp4", description: "an MP4 film", candidates: [.mp4, .m4a, .mov])
  }

  private static let byBrand: [(brands: Set<String>, format: Format, also: [Format], description: String)] = [
    (["avif", "avis"], .avif, [], "an AVIF picture"),
    (["heic", "heix", "heim", "heis", "hevc", "hevx"], .heic, [], "an HEIC picture"),
    (["qt  "], .mov, [.mp4], "a QuickTime film"),
    (["M4A ", "M4B "], .m4a, [.mp4], "an M4A sound"),
    (["isom", "iso2", "mp41", "mp42", "avc1", "M4V "], .mp4, [.m4a, .mov], "an MP4 film"),
  ]

  /// The header of a frame of ADTS (ISO/IEC 13818-7, 6.2): no layer, a rate that there is.
  private static func isFrameOfAAC(_ sample: [UInt8]) -> Bool {
    sample.count > 6 && sample[0] == 0xFF && sample[1] & 0xF6 == 0xF0 && (sample[2] >> 2) & 15 < 13
  }

  /// The header of a frame of layer III (ISO/IEC 11172-3, 2.4.1.3) with rates that there are.
  private static func isFrameOfMP3(_ sample: [UInt8]) -> Bool {
    guard sample.count > 4, sample[0] == 0xFF, [0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2].contains(sample[1]) else {
      return false
    }
    return (1...14).contains(sample[2] >> 4) && (sample[2] >> 2) & 3 < 3
  }

  private static func has(_ text: StaticString, _ sample: [UInt8], at place: Int) -> Bool {
    sample.dropFirst(place).starts(with: text.withUTF8Buffer(Array.init))
  }

  private static func has(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
    let wanted = text.withUTF8Buffer(Array.init)
    return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
  }
}
