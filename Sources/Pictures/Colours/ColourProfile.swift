import Formats

/// An ICC profile as bytes, carried from input to output without being applied.
struct ColourProfile: Equatable {
  static let largest = 1 << 20

  let bytes: [UInt8]

  /// Copies a profile of sane size that has the signature and its own length where ICC.1 section 7.2 wants them.
  init?(_ start: UnsafePointer<UInt8>?, count: Int) {
    guard let start, (128...2 * ColourProfile.largest).contains(count) else { return nil }
    let stored = UnsafeBufferPointer(start: start, count: count)
    let length = stored.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    // What some writers put behind it is not of the profile.
    guard (128...min(count, ColourProfile.largest)).contains(length) else { return nil }
    bytes = Array(stored.prefix(length))
    guard bytes[36..<40].elementsEqual("acsp".utf8) else { return nil }
  }

  /// True when the profile describes pixels of this many channels; one for CMYK fits none that is written here.
  func fits(channels: Int) -> Bool {
    bytes[16..<20].elementsEqual((channels < 3 ? "GRAY" : "RGB ").utf8)
  }

  /// True when the profile describes pixels of so many colours: 1 grey, 3 RGB, 4 ink.
  func fits(components: Int) -> Bool {
    let space = [1: "GRAY", 3: "RGB ", 4: "CMYK"][components] ?? ""
    return bytes[16..<20].elementsEqual(space.utf8)
  }

  /// What the profile calls itself in its description tag (ICC.1 sections 9.2.41 and 10.15), or nothing.
  var name: String {
    func number(_ place: Int) -> Int? {
      place >= 0 && place <= bytes.count - 4 ? bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } : nil
    }
    let count = min(number(128) ?? 0, 100)
    guard let entry = (0..<count).map({ 132 + $0 * 12 }).first(where: { number($0) == 0x6465_7363 }),
      let start = number(entry + 4), let length = number(entry + 8), start <= bytes.count, length <= bytes.count - start
    else { return "" }
    let tag = bytes[start..<start + length]
    // Version 2 has a text of bytes, version 4 one of 16-bit characters; the letters of a name are alike in both.
    let text = tag.starts(with: "mluc".utf8) ? tag.dropFirst(28) : tag.dropFirst(12).prefix { $0 != 0 }
    return String(decoding: text.filter { (0x20..<0x7F).contains($0) }.prefix(200), as: UTF8.self)
  }
}
