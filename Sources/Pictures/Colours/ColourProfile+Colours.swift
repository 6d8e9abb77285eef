import Formats
import Glibc

extension ColourProfile {
  enum Meaning: Equatable {
    /// As sRGB, or not about these pixels at all.
    case standard
    case colours(ProfileColours)
    /// Tables, ink, or what cannot be read.
    case unknown
  }

  /// Light of sRGB as ICC.1 has it, adapted to the white of its connection space (D50).
  private static let standard = [
    0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733,
  ]

  /// What pixels of so many channels mean by this profile.
  func meaning(channels: Int) -> Meaning {
    guard fits(channels: channels) else { return fits(components: 4) ? .unknown : .standard }
    guard let colours = channels < 3 ? grey : matrixAndCurves else { return .unknown }
    return colours.isStandard ? .standard : .colours(colours)
  }

  /// A curve only; the connection space's white is grey at its lightest, and in Lab it tells of lightness (ICC.1, F.2).
  private var grey: ProfileColours? {
    guard tag("A2B0") == nil, var lights = lights("kTRC") else { return nil }
    if bytes[20..<24].elementsEqual("Lab ".utf8) {
      lights = lights.map { $0 > 0.08 ? pow(($0 + 0.16) / 1.16, 3) : $0 * 100 / 903.3 }
    }
    return ProfileColours(lights: lights, matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  /// Section F.3 of ICC.1; tables, where there are any, would go before it.
  private var matrixAndCurves: ProfileColours? {
    guard tag("A2B0") == nil, bytes[20..<24].elementsEqual("XYZ ".utf8), let red = place("rXYZ"),
      let green = place("gXYZ"), let blue = place("bXYZ"), let reds = lights("rTRC"), let greens = lights("gTRC"),
      let blues = lights("bTRC"), let back = Matrix.inverse(ColourProfile.standard)
    else { return nil }
    let own = (0..<3).flatMap { [red[$0], green[$0], blue[$0]] }
    return ProfileColours(lights: reds + greens + blues, matrix: Matrix.product(back, own))
  }

  /// The data of a tag (section 7.3); nil when there is none, or it lies outside.
  private func tag(_ name: String) -> [UInt8]? {
    guard bytes.count >= 132 else { return nil }
    for index in 0..<min(number(bytes, 128), 100) {
      let entry = 132 + index * 12
      guard entry <= bytes.count - 12 else { return nil }
      guard bytes[entry..<entry + 4].elementsEqual(name.utf8) else { continue }
      let (start, length) = (number(bytes, entry + 4), number(bytes, entry + 8))
      guard start <= bytes.count, length <= bytes.count - start else { return nil }
      return Array(bytes[start..<start + length])
    }
    return nil
  }

  private func number(_ bytes: [UInt8], _ place: Int) -> Int {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A number of 16 bits before the point, with a sign, and 16 behind it.
  private func fixed(_ bytes: [UInt8], _ place: Int) -> Double {
    Double(Int32(truncatingIfNeeded: number(bytes, place))) / 65_536
  }

  /// X, Y and Z of a primary.
  private func place(_ name: String) -> [Double]? {
    guard let data = tag(name), data.count >= 20, data.starts(with: "XYZ ".utf8) else { return nil }
    return [8, 12, 16].map { fixed(data, $0) }
  }

  /// The light of each sample by a curve (sections 10.6 and 10.18).
  private func lights(_ name: String) -> [Double]? {
    guard let data = tag(name), data.count >= 12 else { return nil }
    let curve: ((Double) -> Double)?
    if data.starts(with: "curv".utf8) {
      curve = sampled(data)
    } else {
      curve = data.starts(with: "para".utf8) ? parametric(data) : nil
    }
    guard let curve else { return nil }
    let lights = (0..<256).map { curve(Double($0) / 255) }
    guard lights.allSatisfy({ $0.isFinite }) else { return nil }
    return lights.map { min(max($0, 0), 1) }
  }

  private func sampled(_ data: [UInt8]) -> ((Double) -> Double)? {
    let count = number(data, 8)
    guard count <= (data.count - 12) / 2 else { return nil }
    func entry(_ index: Int) -> Double { Double(Int(data[12 + index * 2]) << 8 | Int(data[13 + index * 2])) }
    if count == 0 { return { $0 } }
    if count == 1 { return { pow($0, entry(0) / 256) } }
    return { sample in
      let place = sample * Double(count - 1)
      let below = min(Int(place), count - 2)
      return (entry(below) + (entry(below + 1) - entry(below)) * (place - Double(below))) / 65_535
    }
  }

  private func parametric(_ data: [UInt8]) -> ((Double) -> Double)? {
    let kind = Int(data[8]) << 8 | Int(data[9])
    guard kind <= 4 else { return nil }
    let counts = [1, 3, 4, 5, 7]
    guard data.count >= 12 + counts[kind] * 4 else { return nil }
    let p = (0..<counts[kind]).map { fixed(data, 12 + $0 * 4) }
    switch kind {
    case 0: return { pow($0, p[0]) }
    case 1: return { $0 >= -p[2] / p[1] ? pow(p[1] * $0 + p[2], p[0]) : 0 }
    case 2: return { $0 >= -p[2] / p[1] ? pow(p[1] * $0 + p[2], p[0]) + p[3] : p[3] }
    case 3: return { $0 >= p[4] ? pow(p[1] * $0 + p[2], p[0]) : p[3] * $0 }
    default: return { $0 >= p[4] ? pow(p[1] * $0 + p[2], p[0]) + p[5] : p[3] * $0 + p[6] }
    }
  }
}
