import Formats
import Glibc

/// Colours as the light of each sample and how it becomes light of sRGB's primaries.
struct ProfileColours: Equatable {
  /// From 0 to 1, 256 for each channel.
  let lights: [Double]
  /// Three rows of three.
  let matrix: [Double]

  static let sRGB = ProfileColours(.sRGB, matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1])

  init(lights: [Double], matrix: [Double]) {
    self.lights = lights
    self.matrix = matrix
  }

  /// One curve for all channels.
  init(_ curve: ColourMeaning.Curve, matrix: [Double]) {
    let lights = (0..<256).map { curve.light(Double($0) / 255) }
    self.init(lights: lights + lights + lights, matrix: matrix)
  }

  /// Nil for primaries that span no colours.
  init?(_ meaning: ColourMeaning) {
    guard let matrix = meaning.matrix else { return nil }
    self.init(meaning.curve, matrix: matrix)
  }

  /// True when one curve stands for all.
  var isGrey: Bool { lights.count == 256 }

  /// The same where one curve stands for grey.
  var ofThreeChannels: ProfileColours {
    !isGrey ? self : ProfileColours(lights: lights + lights + lights, matrix: matrix)
  }

  /// True when nobody can see the difference to sRGB.
  var isStandard: Bool {
    let identity: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    return zip(matrix, identity).allSatisfy { abs($0 - $1) < 0.005 }
      && lights.enumerated().allSatisfy { abs(ProfileColours.sample($1) * 255 - Double($0 % 256)) < 0.6 }
  }

  /// What sRGB writes for an amount of light.
  private static func sample(_ light: Double) -> Double {
    light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
  }
}
