import Basics
import Formats
import Glibc

/// How far two pictures of one size are apart, over all samples of their red, green and blue.
struct PictureComparison: Sendable {
  /// Pixels that are not equal.
  private(set) var differing = 0
  private(set) var pixels = 0
  private var absolute = 0.0
  private var squares = 0.0
  private var first = Sums()
  private var second = Sums()
  private var products = 0.0
  private var similarity = 0.0
  private var blocks = 0

  private struct Sums {
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      sum += value
      squares += value * value
    }
  }

  /// Sides of the blocks whose structure is compared.
  private static let block = 8

  private var samples: Double { Double(pixels * 3) }

  /// Mean absolute error, 0 to 1.
  var meanAbsoluteError: Double { absolute / samples / 255 }
  /// Root of the mean squared error, 0 to 1.
  var rootMeanSquaredError: Double { (squares / samples).squareRoot() / 255 }
  /// Peak signal to noise ratio in decibels; nil for equal pictures, where it has no end.
  var peakSignalToNoise: Double? { squares == 0 ? nil : -20 * log10(rootMeanSquaredError) }
  /// Normalized cross-correlation, -1 to 1; two flat pictures have 1.
  var crossCorrelation: Double {
    let spread =
      (first.squares - first.sum * first.sum / samples) * (second.squares - second.sum * second.sum / samples)
    guard spread > 0 else { return squares == 0 ? 1 : 0 }
    return (products - first.sum * second.sum / samples) / spread.squareRoot()
  }
  /// Structural similarity (Wang and others, 2004), the mean over blocks of 8 x 8 pixels of luma; 1 for equal pictures.
  var structuralSimilarity: Double { blocks == 0 ? 1 : similarity / Double(blocks) }

  /// Compares two pictures of one size row by row; `difference` gets how far each sample is apart, in three channels.
  ///
  /// The difference is not finished here.
  init(
    _ one: any RowSource, _ other: any RowSource, difference: (any PictureWriter)? = nil, progress: (Int) -> Void
  ) throws(ConversionFailure) {
    let (header, second) = (one.header, other.header)
    guard header.width == second.width, header.height == second.height else {
      throw ConversionFailure(
        .unsupportedConversion,
        "the pictures have different sides: \(header.width) x \(header.height) and \(second.width) x \(second.height)")
    }
    let plain = PictureHeader(width: header.width, height: header.height, channels: 3)
    let rows = (try PictureComparison.colour(one), try PictureComparison.colour(other))
    let bands = (
      try PixelRows(rows: PictureComparison.block, bytesPerRow: plain.bytesPerRow),
      try PixelRows(rows: PictureComparison.block, bytesPerRow: plain.bytesPerRow)
    )
    var done = 0
    while done < header.height {
      let count = min(PictureComparison.block, header.height - done)
      try rows.0.read(count, into: bands.0.bytes(count))
      try rows.1.read(count, into: bands.1.bytes(count))
      add(bands.0.bytes(count), .init(bands.1.bytes(count)), plain, count)
      try difference?.write(count, from: .init(bands.0.bytes(count)))
      done += count
      progress(done * 100 / header.height)
    }
  }

  /// Transparency shows white, and grey is colour too.
  private static func colour(_ rows: any RowSource) throws(ConversionFailure) -> any RowSource {
    var rows = rows
    if let mapping = RowMapping(flattening: rows.header.channels, over: .white) {
      rows = try RecolouredRows(rows, .flatten(mapping))
    }
    return rows.header.channels == 1 ? try RecolouredRows(rows, .toColour) : rows
  }

  /// Adds a band of both pictures, and leaves the difference in the first.
  private mutating func add(
    _ one: UnsafeMutableRawBufferPointer, _ other: UnsafeRawBufferPointer, _ header: PictureHeader, _ count: Int
  ) {
    for start in stride(from: 0, to: header.width, by: PictureComparison.block) {
      let width = min(PictureComparison.block, header.width - start)
      addBlock(.init(one), other, header, start, width, count)
    }
    for pixel in stride(from: 0, to: count * header.bytesPerRow, by: 3) {
      var isEqual = true
      for channel in pixel..<pixel + 3 {
        let (a, b) = (Double(one[channel]), Double(other[channel]))
        first.add(a)
        second.add(b)
        products += a * b
        absolute += abs(a - b)
        squares += (a - b) * (a - b)
        isEqual = isEqual && one[channel] == other[channel]
        one[channel] = one[channel] > other[channel] ? one[channel] - other[channel] : other[channel] - one[channel]
      }
      if !isEqual { differing += 1 }
    }
    pixels += count * header.width
  }

  private mutating func addBlock(
    _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, _ header: PictureHeader, _ start: Int, _ width: Int,
    _ height: Int
  ) {
    func luma(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Double {
      0.299 * Double(bytes[place]) + 0.587 * Double(bytes[place + 1]) + 0.114 * Double(bytes[place + 2])
    }
    var (a, b) = (Sums(), Sums())
    var product = 0.0
    for y in 0..<height {
      for x in start..<start + width {
        let place = y * header.bytesPerRow + x * 3
        let (left, right) = (luma(one, place), luma(other, place))
        a.add(left)
        b.add(right)
        product += left * right
      }
    }
    let count = Double(width * height)
    let (meanA, meanB) = (a.sum / count, b.sum / count)
    let (spreadA, spreadB) = (a.squares / count - meanA * meanA, b.squares / count - meanB * meanB)
    let shared = product / count - meanA * meanB
    let (steadyMean, steadySpread) = (0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255)
    similarity +=
      (2 * meanA * meanB + steadyMean) * (2 * shared + steadySpread)
      / ((meanA * meanA + meanB * meanB + steadyMean) * (spreadA + spreadB + steadySpread))
    blocks += 1
  }
}

extension PictureComparison {
  /// Every measure by the name that image tools give it.
  var json: JSONValue {
    .object([
      ("ae", .integer(Int64(differing))), ("mae", .number(meanAbsoluteError)), ("ncc", .number(crossCorrelation)),
      ("psnr", peakSignalToNoise.map { .number($0) } ?? .null), ("rmse", .number(rootMeanSquaredError)),
      ("ssim", .number(structuralSimilarity)),
    ])
  }
}
