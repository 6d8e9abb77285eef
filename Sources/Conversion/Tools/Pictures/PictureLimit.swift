import Formats
import Pictures

/// What a picture of a program's may have, known before it is decoded.
enum PictureLimit {
  /// Throws when a picture has more pixels than the server takes.
  static func check(width: Int, height: Int, of what: String = "the picture", _ task: ToolTask)
    throws(ConversionFailure)
  {
    let (pixels, isOver) = width.multipliedReportingOverflow(by: height)
    guard isOver || pixels > task.maxPixels else { return }
    throw ConversionFailure(
      .tooManyPixels, "\(what) has \(width) x \(height) pixels, and may have \(task.maxPixels) at most")
  }

  /// Looks at the header of a PNG (W3C PNG, 11.2.1), and gives its sides.
  @discardableResult
  static func check(png name: String, _ task: ToolTask) throws(ConversionFailure) -> (width: Int, height: Int) {
    let head = task.folder.bytes(of: name, atMost: 24) ?? []
    guard head.count == 24 else { throw ConversionFailure(.damagedFile, "the picture ends within its header") }
    func number(_ place: Int) -> Int { head[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    let sides = (width: number(16), height: number(20))
    try check(width: sides.width, height: sides.height, task)
    return sides
  }

  /// Throws when a format has no way to say how long a side is.
  static func check(width: Int, height: Int, fits format: Format) throws(ConversionFailure) {
    guard let most = longestSides[format], max(width, height) > most else { return }
    throw ConversionFailure(
      .unsupportedConversion, "the picture has \(width) x \(height) pixels, and \(format.title) takes \(most) on a side"
    )
  }

  private static let longestSides: [Format: Int] = [
    .webp: 16_383, .heic: 16_384, .avif: 16_384, .gif: 65_535, .jpeg: 65_500,
  ]

  /// What a picture in pixels becomes by the options of its size.
  static func resized(_ width: Int, _ height: Int, _ options: ConversionOptions) -> (width: Int, height: Int) {
    let size = PictureSides(width: width, height: height, resizedBy: options)
    return (size.width, size.height)
  }
}
