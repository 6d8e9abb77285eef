import Basics
import Formats
import Pictures

/// A picture of a page that is ready for it.
enum PagePicture {
  /// What the browser draws whole.
  static let longestSide = 32_767
  /// What a browser may have of memory for the pixels of one picture.
  private static let mostPixels = 70_000_000.0
  private static let longestWebP = 16_383.0

  /// The bytes of the file, with its sides in pixels.
  static func take(
    _ visitor: PageVisitor, as format: Format
  ) throws(VisitTrouble) -> (bytes: [UInt8], width: Int, height: Int) {
    let options = visitor.options
    if options.flag(.unstick), options.flag(.fullPage), options.word(.element) == nil { try visitor.run(.unstick) }
    try visitor.look()
    let clip = try place(visitor)
    let scale = options.decimal(.deviceScale) ?? 1
    let (width, height) = (clip.width * scale, clip.height * scale)
    guard max(width, height) <= Double(longestSide), width * height <= mostPixels else {
      throw .failed(
        ConversionFailure(
          .pageTooLarge,
          "the page is \(Int(width)) by \(Int(height)) pixels, and a picture of it may have \(longestSide) on a side and "
            + "\(Int(mostPixels / 1e6)) million altogether"))
    }
    guard format != .webp || max(width, height) <= longestWebP else {
      throw .failed(
        ConversionFailure(.pageTooLarge, "the page is \(Int(height)) pixels high, and WebP has no more than 16383"))
    }
    var order: [String: JSONValue] = [
      "format": .string(format.name), "captureBeyondViewport": .boolean(true),
      "clip": .object([
        ("x", .number(clip.x)), ("y", .number(clip.y)), ("width", .number(clip.width)),
        ("height", .number(clip.height)), ("scale", .integer(1)),
      ]),
    ]
    if format != .png { order["quality"] = .integer(Int64(options.whole(.quality) ?? 85)) }
    let answer = try visitor.call("Page.captureScreenshot", order)
    guard let text = answer["data"]?.string, let bytes = Base64.decode(text), !bytes.isEmpty else {
      throw .refused("no picture")
    }
    return (bytes, Int(width.rounded()), Int(height.rounded()))
  }

  private struct Place {
    var x = 0.0
    var y = 0.0
    let width: Double
    let height: Double
  }

  private static func place(_ visitor: PageVisitor) throws(VisitTrouble) -> Place {
    if let selector = visitor.options.word(.element) {
      let found = try visitor.run(.place, [.string(selector)])
      // The page says how large it is, which may be anything.
      func number(_ name: String) -> Double { min(1e9, max(-1e9, found[name]?.decimal ?? 0)) }
      guard number("width") >= 1, number("height") >= 1 else {
        throw .failed(ConversionFailure(.pageFailed, "nothing to be seen on the page was found by element"))
      }
      return Place(x: number("x"), y: number("y"), width: number("width"), height: number("height"))
    }
    guard visitor.options.flag(.fullPage) else {
      return Place(width: Double(visitor.width), height: Double(visitor.height))
    }
    return Place(
      width: Double(max(visitor.width, visitor.size.width)), height: Double(max(visitor.height, visitor.size.height)))
  }
}
