import Formats

/// How the pixels of a row lie in a file that is not compressed, or after its decompression.
enum PixelLayout {
  /// Numbers of a palette, the leftmost in the highest bits.
  case indexed(bits: Int, Palette)
  /// Whole bytes: which byte of a pixel of `size` bytes is which channel.
  case bytes(size: Int, places: [Int])
  /// Fields of a little-endian number of 2 or 4 bytes; the fourth field is alpha.
  case fields(size: Int, [Field])

  /// Some neighbouring bits, stretched to 8.
  struct Field {
    let shift: Int
    let most: Int
    /// True for TGA's attribute bit, of which 0 means opaque.
    var isInverted = false

    /// A mask of neighbouring bits; nil for any other.
    init?(mask: Int) {
      guard mask > 0 else { return nil }
      shift = mask.trailingZeroBitCount
      most = mask >> shift
      guard most & (most + 1) == 0 else { return nil }
    }

    init(shift: Int, bits: Int, isInverted: Bool = false) {
      self.shift = shift
      most = (1 << bits) - 1
      self.isInverted = isInverted
    }

    @inline(__always)
    func sample(_ pixel: Int) -> UInt8 {
      let value = UInt8(truncatingIfNeeded: (pixel >> shift & most) * 255 / most)
      return isInverted ? ~value : value
    }
  }

  /// The same without the fourth channel.
  var withoutAlpha: PixelLayout {
    switch self {
    case .indexed: self
    case .bytes(let size, let places): .bytes(size: size, places: Array(places.prefix(3)))
    case .fields(let size, let fields): .fields(size: size, Array(fields.prefix(3)))
    }
  }

  /// Channels of the expanded pixels.
  var channels: Int {
    switch self {
    case .indexed(_, let palette): palette.channels
    case .bytes(_, let places): places.count
    case .fields(_, let fields): fields.count
    }
  }

  /// Bits of one stored pixel.
  var bits: Int {
    switch self {
    case .indexed(let bits, _): bits
    case .bytes(let size, _), .fields(let size, _): size * 8
    }
  }

  /// Expands `count` pixels; both buffers must hold them.
  func expand(_ count: Int, from row: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
    precondition(row.count >= (count * bits + 7) / 8 && target.count >= count * channels)
    guard count > 0, let from = row.baseAddress?.assumingMemoryBound(to: UInt8.self),
      var to = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    switch self {
    case .indexed(let bits, let palette):
      let perByte = 8 / bits
      let mask = (1 << bits) - 1
      palette.samples.withUnsafeBufferPointer { samples in
        for pixel in 0..<count {
          let shift = 8 &- bits &* (pixel % perByte &+ 1)
          let index = Int(from[pixel / perByte]) >> shift & mask
          for channel in 0..<palette.channels { to[channel] = samples[index &* palette.channels &+ channel] }
          to += palette.channels
        }
      }
    case .bytes(let size, let places):
      places.withUnsafeBufferPointer { places in
        var from = from
        for _ in 0..<count {
          for channel in 0..<places.count { to[channel] = from[places[channel]] }
          from += size
          to += places.count
        }
      }
    case .fields(let size, let fields):
      for pixel in 0..<count {
        var number = 0
        for byte in 0..<size { number |= Int(from[pixel &* size &+ byte]) << (byte &* 8) }
        for channel in fields.indices { to[channel] = fields[channel].sample(number) }
        to += fields.count
      }
    }
  }
}
