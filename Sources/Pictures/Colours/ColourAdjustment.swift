import Formats
import Glibc

/// What is asked of a picture's colours, all in one: three rows of three factors and what is added to each, for samples
/// from 0 to 255.
struct ColourAdjustment: Sendable {
  private(set) var factors = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
  private(set) var added = 0.0

  /// How bright a colour is by its red, green and blue (ITU-R BT.709).
  private static let weights = [0.2126, 0.7152, 0.0722]

  /// Nil when nothing is asked for.
  init?(_ options: ConversionOptions) {
    let asked = ConversionOption.adjusting.contains { options.asked.contains($0.name) }
    guard asked else { return nil }
    saturate(options.decimal(.saturation) ?? 1)
    turn(options.decimal(.hue) ?? 0)
    scale(options.decimal(.brightness) ?? 1, about: 0)
    scale(options.decimal(.contrast) ?? 1, about: 127.5)
    if options.flag(.invert) { scale(-1, about: 127.5) }
  }

  /// True when what is grey stays grey, and what is done to it needs one factor.
  var ofGrey: (factor: Double, added: Double) { (factors[0] + factors[1] + factors[2], added) }

  private mutating func scale(_ factor: Double, about middle: Double) {
    factors = factors.map { $0 * factor }
    added = added * factor + middle * (1 - factor)
  }

  private mutating func saturate(_ factor: Double) {
    let weights = ColourAdjustment.weights
    multiply((0..<9).map { weights[$0 % 3] * (1 - factor) + ($0 % 4 == 0 ? factor : 0) })
  }

  /// As CSS turns hues (filter effects module level 1, section 9.6).
  private mutating func turn(_ degrees: Double) {
    guard degrees != 0 else { return }
    let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    multiply([
      0.213 + c * 0.787 - s * 0.213, 0.715 - c * 0.715 - s * 0.715, 0.072 - c * 0.072 + s * 0.928,
      0.213 - c * 0.213 + s * 0.143, 0.715 + c * 0.285 + s * 0.140, 0.072 - c * 0.072 - s * 0.283,
      0.213 - c * 0.213 - s * 0.787, 0.715 - c * 0.715 + s * 0.715, 0.072 + c * 0.928 + s * 0.072,
    ])
  }

  private mutating func multiply(_ matrix: [Double]) { factors = Matrix.product(matrix, factors) }
}
