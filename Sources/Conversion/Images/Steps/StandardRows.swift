/// Turns pixels of other colours into those of sRGB as they come, so that a target which cannot tell shows them the same.
final class StandardRows: RowSource {
  /// As finely as 8 bits of sRGB tell light apart, with room.
  private static let steps = 1 << 14

  let header: PictureHeader
  private let source: any RowSource
  /// The light of each sample, of one channel after the other.
  private let lights: [Float]
  /// The sample of each step of light.
  private let samples: [UInt8]
  private let matrix: [Float]

  /// Nil for colours that cannot be worked out.
  convenience init?(_ source: any RowSource, _ meaning: ColourMeaning) {
    guard let matrix = meaning.matrix else { return nil }
    let lights = (0..<256).map { meaning.curve.light(Double($0) / 255) }
    self.init(source, ProfileColours(lights: lights + lights + lights, matrix: matrix))
  }

  init(_ source: any RowSource, _ colours: ProfileColours) {
    self.source = source
    header = source.header
    matrix = colours.matrix.map { Float($0) }
    lights = colours.lights.map { Float($0) }
    // From the sample's side, so that each step gets the sample whose light is nearest on sRGB's own curve.
    var samples = [UInt8](repeating: 255, count: StandardRows.steps + 1)
    var step = 0
    for sample in 0..<255 {
      let next = ColourMeaning.Curve.sRGB.light((Double(sample) + 0.5) / 255)
      while step <= StandardRows.steps, Double(step) / Double(StandardRows.steps) < next {
        samples[step] = UInt8(sample)
        step += 1
      }
    }
    self.samples = samples
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try source.read(count, into: rows)
    let channels = header.channels
    let end = count * header.bytesPerRow
    precondition(rows.count >= end)
    lights.withUnsafeBufferPointer { lights in
      samples.withUnsafeBufferPointer { samples in
        matrix.withUnsafeBufferPointer { matrix in
          for place in stride(from: 0, to: end, by: channels) {
            let red = lights[Int(rows[place])]
            guard channels >= 3 else {
              rows[place] = StandardRows.sample(red, samples)
              continue
            }
            let (green, blue) = (lights[256 + Int(rows[place + 1])], lights[512 + Int(rows[place + 2])])
            for row in 0..<3 {
              let light = matrix[row * 3] * red + matrix[row * 3 + 1] * green + matrix[row * 3 + 2] * blue
              rows[place + row] = StandardRows.sample(light, samples)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func sample(_ light: Float, _ samples: UnsafeBufferPointer<UInt8>) -> UInt8 {
    samples[Int(min(max(light, 0), 1) * Float(steps) + 0.5)]
  }
}
