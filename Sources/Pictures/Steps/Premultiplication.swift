import Formats

/// Weighs colour by its alpha while pixels are mixed, so that the colour of what cannot be seen does not bleed.
enum Premultiplication {
  static func apply(_ rows: UnsafeMutableRawBufferPointer, _ channels: Int) {
    each(rows, channels) { sample, alpha in
      let product = UInt32(sample) &* alpha &+ 128
      return UInt8(truncatingIfNeeded: (product &+ (product >> 8)) >> 8)
    }
  }

  static func undo(_ rows: UnsafeMutableRawBufferPointer, _ channels: Int) {
    each(rows, channels) { sample, alpha in
      alpha == 0 ? 0 : UInt8(min(255, (UInt32(sample) &* 255 &+ alpha / 2) / alpha))
    }
  }

  @inline(__always)
  private static func each(
    _ rows: UnsafeMutableRawBufferPointer, _ channels: Int, _ change: (UInt8, UInt32) -> UInt8
  ) {
    guard channels == 2 || channels == 4 else { return }
    for pixel in stride(from: 0, through: rows.count - channels, by: channels) {
      let alpha = UInt32(rows[pixel + channels - 1])
      if alpha == 255 { continue }
      for channel in pixel..<pixel + channels - 1 { rows[channel] = change(rows[channel], alpha) }
    }
  }
}
