import Formats
import Glibc

/// What the samples of a picture mean when no profile tells: a curve, and the colours of its three primaries and white.
struct ColourMeaning: Equatable {
  enum Curve: Equatable {
    case sRGB
    case linear
    /// A pure power, by which a sample becomes light.
    case power(Double)
    /// ITU-R BT.709, and with it BT.601 and BT.2020.
    case video

    /// The light of a sample, both from 0 to 1.
    func light(_ sample: Double) -> Double {
      switch self {
      case .sRGB: sample <= 0.04045 ? sample / 12.92 : pow((sample + 0.055) / 1.055, 2.4)
      case .linear: sample
      case .power(let exponent): pow(sample, exponent)
      case .video: sample < 0.081 ? sample / 4.5 : pow((sample + 0.099) / 1.099, 1 / 0.45)
      }
    }
  }

  /// Places of red, green, blue and white in the chart of CIE 1931, x and y of each.
  struct Primaries: Equatable {
    var red: (x: Double, y: Double)
    var green: (x: Double, y: Double)
    var blue: (x: Double, y: Double)
    var white: (x: Double, y: Double)

    static let daylight = (x: 0.3127, y: 0.329)
    static let sRGB = Primaries(red: (0.64, 0.33), green: (0.3, 0.6), blue: (0.15, 0.06), white: daylight)

    private var all: [Double] { [red.x, red.y, green.x, green.y, blue.x, blue.y, white.x, white.y] }

    static func == (left: Primaries, right: Primaries) -> Bool { left.all == right.all }

    /// True when nobody can see the difference.
    func isLike(_ other: Primaries) -> Bool { zip(all, other.all).allSatisfy { abs($0 - $1) < 0.002 } }
  }

  var curve: Curve
  var primaries: Primaries

  static let sRGB = ColourMeaning(curve: .sRGB, primaries: .sRGB)

  /// How light of these primaries becomes light of sRGB's, three rows of three; nil for primaries that span no colours.
  ///
  /// White stays white: it is adapted with Bradford's method, as ICC.1 annex E has it.
  var matrix: [Double]? {
    guard let from = ColourMeaning.toXYZ(primaries), let to = ColourMeaning.toXYZ(.sRGB),
      let back = Matrix.inverse(to), let cone = Matrix.inverse(ColourMeaning.bradford)
    else { return nil }
    let white = Matrix.apply(ColourMeaning.bradford, ColourMeaning.white(primaries))
    let target = Matrix.apply(ColourMeaning.bradford, ColourMeaning.white(.sRGB))
    guard white.allSatisfy({ $0 > 0 }) else { return nil }
    let scale = [target[0] / white[0], 0, 0, 0, target[1] / white[1], 0, 0, 0, target[2] / white[2]]
    let adapted = Matrix.product(cone, Matrix.product(scale, ColourMeaning.bradford))
    return Matrix.product(back, Matrix.product(adapted, from))
  }

  private static let bradford = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]

  private static func white(_ primaries: Primaries) -> [Double] {
    let (x, y) = primaries.white
    return [x / y, 1, (1 - x - y) / y]
  }

  private static func toXYZ(_ primaries: Primaries) -> [Double]? {
    let places = [primaries.red, primaries.green, primaries.blue]
    guard places.allSatisfy({ $0.y > 0 }), primaries.white.y > 0 else { return nil }
    var columns = places.map { $0.x / $0.y }
    columns += [1, 1, 1]
    columns += places.map { (1 - $0.x - $0.y) / $0.y }
    guard let inverse = Matrix.inverse(columns) else { return nil }
    let scale = Matrix.apply(inverse, white(primaries))
    return columns.indices.map { columns[$0] * scale[$0 % 3] }
  }
}
