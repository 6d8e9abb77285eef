import Formats

/// Brightness, contrast, saturation and hue of a picture, as one step over its samples; transparency stays.
final class AdjustedRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  /// In 16-bit fractions.
  private let factors: [Int32]
  private let added: Int32

  init(_ source: any RowSource, _ adjustment: ColourAdjustment) {
    self.source = source
    header = source.header
    func fixed(_ number: Double) -> Int32 { Int32(max(-16_000, min(16_000, number)) * 65_536) }
    let isGrey = header.channels < 3
    factors = isGrey ? [fixed(adjustment.ofGrey.factor)] : adjustment.factors.map(fixed)
    added = fixed(adjustment.added)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try source.read(count, into: rows)
    let bytes = rows.bindMemory(to: UInt8.self)
    let channels = header.channels
    let end = count * header.bytesPerRow
    precondition(bytes.count >= end)
    factors.withUnsafeBufferPointer { f in
      for start in stride(from: 0, to: end, by: channels) {
        if channels < 3 {
          bytes[start] = sum(f[0], bytes[start], 0, 0, 0, 0)
          continue
        }
        let (red, green, blue) = (bytes[start], bytes[start + 1], bytes[start + 2])
        for channel in 0..<3 {
          bytes[start + channel] = sum(f[channel * 3], red, f[channel * 3 + 1], green, f[channel * 3 + 2], blue)
        }
      }
    }
  }

  private func sum(_ a: Int32, _ x: UInt8, _ b: Int32, _ y: UInt8, _ c: Int32, _ z: UInt8) -> UInt8 {
    let whole = Int64(a) * Int64(x) + Int64(b) * Int64(y) + Int64(c) * Int64(z) + Int64(added) + 0x8000
    return UInt8(max(0, min(255, whole >> 16)))
  }
}
