import CImage
import Formats

/// Lays pixels with alpha over a background colour, for targets without transparency.
struct RowMapping {
  let source: Int
  let target: Int
  let background: Colour

  /// Grey over grey stays grey, anything else becomes RGB; nil for pixels without alpha, which need no mapping.
  init?(flattening channels: Int, over background: Colour) {
    guard channels == 2 || channels == 4 else { return nil }
    source = channels
    target = channels == 2 && background.isGrey ? 1 : 3
    self.background = background
  }

  /// Maps `count` pixels; both buffers must hold them.
  func apply(_ count: Int, from input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
    precondition(input.count >= count * source && output.count >= count * target)
    guard count > 0, var from = input.baseAddress?.assumingMemoryBound(to: UInt8.self),
      var to = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    if source == 4 { return cimage_flatten(from, count, [background.red, background.green, background.blue], to) }
    let (red, green, blue) = (UInt32(background.red), UInt32(background.green), UInt32(background.blue))
    for _ in 0..<count {
      let alpha = UInt32(from[1])
      let rest = 255 &- alpha
      to[0] = RowMapping.mix(from[0], alpha, red &* rest)
      if target == 3 {
        to[1] = RowMapping.mix(from[0], alpha, green &* rest)
        to[2] = RowMapping.mix(from[0], alpha, blue &* rest)
      }
      from += source
      to += target
    }
  }

  /// Divides by 255 with rounding, exactly for every sum that two weights of together 255 can give.
  @inline(__always)
  private static func mix(_ sample: UInt8, _ alpha: UInt32, _ under: UInt32) -> UInt8 {
    let sum = UInt32(sample) &* alpha &+ under &+ 128
    return UInt8(truncatingIfNeeded: (sum &+ (sum >> 8)) >> 8)
  }
}
