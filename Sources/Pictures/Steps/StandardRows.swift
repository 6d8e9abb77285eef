import Formats

/// Turns pixels of some colours into those of others as they come, so that they look the same there: into sRGB's for a
/// target that cannot tell, or into those of a picture that they are laid over.
final class StandardRows: RowSource {
  /// As finely as 8 bits of sRGB tell light apart, with room.
  private static let steps = 1 << 14

  let header: PictureHeader
  private let source: any RowSource
  /// The light of each sample, of one channel after the other.
  private let lights: [Float]
  /// The sample of each step of light, for all channels or of one after the other.
  private let samples: [UInt8]
  /// From one channel's steps to the next one's; 0 where all have the same.
  private let stride: Int
  private let matrix: [Float]

  /// Nil for colours that cannot be worked out.
  convenience init?(_ source: any RowSource, _ meaning: ColourMeaning) {
    guard let colours = ProfileColours(meaning) else { return nil }
    self.init(source, colours)
  }

  /// From colours of three channels into others of three; nil for colours that nothing can be turned into.
  init?(_ source: any RowSource, _ colours: ProfileColours, into target: ProfileColours) {
    guard let back = Matrix.inverse(target.matrix) else { return nil }
    self.source = source
    header = source.header
    matrix = Matrix.product(back, colours.matrix).map { Float($0) }
    lights = colours.lights.map { Float($0) }
    samples = Swift.stride(from: 0, to: target.lights.count, by: 256).flatMap { channel in
      StandardRows.samples { (target.lights[channel + $0] + target.lights[channel + $0 + 1]) / 2 }
    }
    stride = StandardRows.steps + 1
  }

  /// Into those of sRGB.
  init(_ source: any RowSource, _ colours: ProfileColours) {
    self.source = source
    header = source.header
    matrix = colours.matrix.map { Float($0) }
    lights = colours.lights.map { Float($0) }
    // From the sample's side, so that each step gets the sample whose light is nearest on sRGB's own curve.
    samples = StandardRows.samples { ColourMeaning.Curve.sRGB.light((Double($0) + 0.5) / 255) }
    stride = 0
  }

  /// The sample of each step, by the light between a sample and the next one.
  private static func samples(_ above: (Int) -> Double) -> [UInt8] {
    var samples = [UInt8](repeating: 255, count: StandardRows.steps + 1)
    var step = 0
    for sample in 0..<255 {
      let next = above(sample)
      while step <= StandardRows.steps, Double(step) / Double(StandardRows.steps) < next {
        samples[step] = UInt8(sample)
        step += 1
      }
    }
    return samples
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try source.read(count, into: rows)
    let channels = header.channels
    let end = count * header.bytesPerRow
    precondition(rows.count >= end)
    lights.withUnsafeBufferPointer { lights in
      samples.withUnsafeBufferPointer { samples in
        matrix.withUnsafeBufferPointer { matrix in
          for place in Swift.stride(from: 0, to: end, by: channels) {
            let red = lights[Int(rows[place])]
            guard channels >= 3 else {
              rows[place] = StandardRows.sample(red, samples, 0)
              continue
            }
            let (green, blue) = (lights[256 + Int(rows[place + 1])], lights[512 + Int(rows[place + 2])])
            for row in 0..<3 {
              let light = matrix[row * 3] * red + matrix[row * 3 + 1] * green + matrix[row * 3 + 2] * blue
              rows[place + row] = StandardRows.sample(light, samples, row * stride)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func sample(_ light: Float, _ samples: UnsafeBufferPointer<UInt8>, _ first: Int) -> UInt8 {
    samples[first + Int(min(max(light, 0), 1) * Float(steps) + 0.5)]
  }
}
