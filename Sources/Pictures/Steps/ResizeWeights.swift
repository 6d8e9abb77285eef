import Formats

/// For each pixel along one side of the result: which source pixels it is mixed of, and in which shares.
struct ResizeWeights {
  /// Shares are fractions of this; those of one pixel add up to it.
  static let whole = 1 << 14

  private(set) var starts: [UInt32] = []
  private(set) var counts: [UInt32] = []
  /// `taps` places for each pixel, of which its count is used.
  private(set) var weights: [Int16]
  let taps: Int

  /// The part from `start` to `end` of a side of `length` pixels, made into `count` pixels.
  init(_ kernel: ResizeKernel, length: Int, from start: Double, to end: Double, count: Int) {
    let scale = (end - start) / Double(count)
    let stretch = max(scale, 1)
    let reach = kernel.support * stretch
    taps = Int(reach.rounded(.up)) * 2 + 1
    weights = [Int16](repeating: 0, count: taps * count)
    for place in 0..<count {
      let centre = start + (Double(place) + 0.5) * scale
      let first = min(max(0, Int(centre - reach + 0.5)), length - 1)
      let last = max(min(length, Int(centre + reach + 0.5)), first + 1)
      let exact = (first..<min(last, first + taps)).map { kernel.weight((Double($0) - centre + 0.5) / stretch) }
      starts.append(UInt32(first))
      counts.append(UInt32(exact.count))
      fill(place, exact)
    }
  }

  /// Rounds the shares; what rounding takes or gives goes to the largest, so that a flat area stays as it is.
  private mutating func fill(_ place: Int, _ exact: [Double]) {
    let sum = exact.reduce(0, +)
    var rest = ResizeWeights.whole
    var largest = 0
    for (index, share) in exact.enumerated() {
      let rounded = sum == 0 ? 0 : Int((share / sum * Double(ResizeWeights.whole)).rounded())
      weights[place * taps + index] = Int16(clamping: rounded)
      rest -= rounded
      if share > exact[largest] { largest = index }
    }
    weights[place * taps + largest] = Int16(clamping: Int(weights[place * taps + largest]) + rest)
  }

  /// One past the last source pixel that is needed.
  var end: Int { zip(starts, counts).reduce(0) { max($0, Int($1.0 + $1.1)) } }
  /// The first source pixel that is needed.
  var start: Int { Int(starts.min() ?? 0) }
}
