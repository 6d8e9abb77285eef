import Formats

/// The colours that the numbers of an indexed picture stand for; numbers beyond them are black.
struct Palette {
  /// 1 when all colours are grey and opaque, 3, or 4 when some are transparent.
  let channels: Int
  /// 256 colours of `channels` samples.
  let samples: [UInt8]

  /// `colours` are red, green, blue and alpha; more than 256 are left out.
  init(_ colours: [[UInt8]]) {
    let colours = colours.prefix(256)
    let hasAlpha = colours.contains { $0[3] != 255 }
    let isGrey = colours.allSatisfy { $0[0] == $0[1] && $0[1] == $0[2] }
    let channels = hasAlpha ? 4 : isGrey ? 1 : 3
    self.channels = channels
    let rest = Array([UInt8](repeating: 0, count: 3) + [255]).prefix(channels)
    samples =
      colours.flatMap { $0.prefix(channels) }
      + (colours.count..<256).flatMap { _ in rest }
  }

  /// Black to white in equal steps.
  static func grey(levels: Int) -> Palette {
    Palette(
      (0..<levels).map { level in
        let value = UInt8(level * 255 / max(1, levels - 1))
        return [value, value, value, 255]
      })
  }
}
