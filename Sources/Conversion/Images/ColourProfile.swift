/// An ICC profile as bytes, carried from input to output without being applied.
struct ColourProfile: Equatable {
  static let largest = 1 << 20

  let bytes: [UInt8]

  /// Copies a profile of sane size that has the signature and its own length where ICC.1 section 7.2 wants them.
  init?(_ start: UnsafePointer<UInt8>?, count: Int) {
    guard let start, (128...ColourProfile.largest).contains(count) else { return nil }
    bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard length == count, bytes[36..<40].elementsEqual("acsp".utf8) else { return nil }
  }

  /// True when the profile describes pixels of this many channels; one for CMYK fits none that is written here.
  func fits(channels: Int) -> Bool {
    bytes[16..<20].elementsEqual((channels < 3 ? "GRAY" : "RGB ").utf8)
  }
}
