import Basics
import Formats
import Pictures

/// Draws SVG as pixels or PDF by rsvg-convert, which reads nothing but the drawing.
///
/// Its PostScript needs a file outside of its folder; ways over PDF make that.
struct RSVG: Tool {
  let program = Program("rsvg-convert", package: "librsvg2-bin")
  let lane = Lane.office
  var name: String { program.name }

  private static let measured = "size.svg"
  /// What cairo draws on.
  private static let longestSide = 32_767
  /// Pixels of an inch, by CSS.
  private static let usualResolution = 96.0

  var offers: [Offer] {
    [
      // Ways over PNG go before others, and one that only draws before one that code of ours does better.
      Offer(from: [.svg], to: [.png], options: [.dpi], cost: 9),
      Offer(from: [.svg], to: [.png], options: [.dpi, .fit, .background] + ConversionOption.resizing, cost: 10),
      Offer(from: [.svg], to: [.pdf], cost: 10),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    if let end = ends.last, end.code != 0 { throw RSVG.failure(end) }
    let source = task.sources.first ?? ""
    let target = task.conversion.to
    guard target == .png else {
      return ends.isEmpty ? call(["--format", target.name], source, RSVG.output(target)) : nil
    }
    switch ends.count {
    // Only the program knows how large a drawing is by itself, and as a drawing it costs little.
    case 0: return call(["--format", "svg"], source, RSVG.measured)
    case 1: return call(try RSVG.drawing(task), source, RSVG.output(target))
    default: return nil
    }
  }

  /// A drawing that comes without a place of its own can name no file beside it.
  private func call(_ arguments: [String], _ source: String, _ output: String) -> ToolCall {
    ToolCall(arguments: arguments, needs: .fonts, fed: source, printed: output)
  }

  private static func output(_ target: Format) -> String { "out.\(target.fileExtension)" }

  /// The sides of the picture in words of the program, whatever the document says.
  private static func drawing(_ task: ToolTask) throws(ConversionFailure) -> [String] {
    let head = String(decoding: task.folder.bytes(of: measured, atMost: 1024) ?? [], as: UTF8.self)
    guard let across = side("width", in: head), let down = side("height", in: head) else {
      throw ConversionFailure(.damagedFile, "the drawing has no size")
    }
    let scale = Double(task.options.whole(.dpi) ?? Int(usualResolution)) / usualResolution
    let size = SVGSize(across * scale, down * scale, task.options)
    for (width, height) in [(size.page.width, size.page.height), (size.drawing.width, size.drawing.height)] {
      try PictureLimit.check(width: width, height: height, of: "the drawing", task)
      guard max(width, height) <= longestSide else {
        throw ConversionFailure(
          .tooManyPixels, "the drawing has \(width) x \(height) pixels, and may have \(longestSide) on a side")
      }
    }
    var words = ["--width", "\(size.drawing.width)", "--height", "\(size.drawing.height)"]
    if size.page != size.drawing {
      words += [
        "--page-width", "\(size.page.width)", "--page-height", "\(size.page.height)", "--left=\(size.left)",
        "--top=\(size.top)",
      ]
      if task.options.word(.fit) == "contain" {
        words += ["--background-color", (task.options.colour(.background) ?? .white).description]
      }
    }
    return words
  }

  /// The number of an attribute of the document's element.
  private static func side(_ name: String, in head: String) -> Double? {
    guard let start = head.firstRange(of: " \(name)=\""),
      let number = Double(
        head[start.upperBound...].prefix { $0.isNumber || $0 == "." }), number > 0, number < 1e15
    else { return nil }
    return number
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last, end.code != 0 { throw RSVG.failure(end) }
    return [ToolResult(RSVG.output(task.conversion.to))]
  }

  private static func failure(_ end: ToolEnd) -> ConversionFailure {
    if end.words.contains("emory") { return .outOfMemory }
    if end.words.contains("no dimensions") {
      return ConversionFailure(.damagedFile, "the drawing shows nothing")
    }
    return ConversionFailure(.damagedFile, "the drawing is damaged, or not one that rsvg-convert reads")
  }
}
