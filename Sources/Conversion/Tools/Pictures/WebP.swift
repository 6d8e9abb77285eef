import Basics
import Formats
import Pictures

/// Makes WebP pictures of PNG and back by the programs of libwebp; of an animated one its first frame.
struct WebP: Tool {
  let program = Program("cwebp", package: "webp")
  let companions = [dwebp, webpmux]
  let lane = Lane.office
  var name: String { program.name }

  private static let dwebp = Program("dwebp", package: "webp")
  private static let webpmux = Program("webpmux", package: "webp")
  /// Above what vips takes to read, for that turns a picture as its EXIF says.
  private static let cost = 10

  var offers: [Offer] {
    [
      Offer(
        from: [.png], to: [.webp], options: [.quality, .lossless, .effort, .strip], cost: WebP.cost),
      Offer(from: [.webp], to: [.png], cost: WebP.cost),
      Offer(from: [.webp], to: [.webp], deed: EXIFTool.deed, cost: WebP.cost),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try WebP.check(ends)
    guard let source = task.sources.first else { return nil }
    if task.conversion.from == .webp, task.conversion.to == .webp {
      return WebP.stripping(source, task, after: ends.count)
    }
    if task.conversion.to == .webp {
      return ends.isEmpty ? try WebP.encoding(source, task) : WebP.adding(source, task, after: ends.count)
    }
    guard let header = WebPHeader(task.folder.bytes(of: source, atMost: WebPHeader.mostBytes) ?? []) else {
      throw ConversionFailure(.damagedFile, "the picture is damaged, or no WebP")
    }
    try PictureLimit.check(width: header.width, height: header.height, task)
    let frame = ToolCall(WebP.webpmux, arguments: ["-get", "frame", "1", source, "-o", "frame.webp"])
    let calls = [
      header.isAnimated ? frame : nil,
      ToolCall(WebP.dwebp, arguments: ["-quiet", header.isAnimated ? "frame.webp" : source, "-o", "out.png"]),
    ].compactMap { $0 }
    return ends.count < calls.count ? calls[ends.count] : nil
  }

  private static func encoding(_ source: String, _ task: ToolTask) throws(ConversionFailure) -> ToolCall {
    let sides = try PictureLimit.check(png: source, task)
    try PictureLimit.check(width: sides.width, height: sides.height, fits: .webp)
    let options = task.options
    let effort = options.whole(.effort)
    let level =
      options.flag(.lossless)
      ? ["-lossless", "-exact", "-z", "\(effort ?? 6)"]
      : ["-q", "\(options.whole(.quality) ?? 85)", "-m", "\(effort.map { $0 * 6 / 9 } ?? 4)"]
    return ToolCall(
      arguments: ["-quiet"] + level
        + ["-metadata", options.flag(.strip) ? "icc" : "all", source, "-o", "out.webp"])
  }

  /// cwebp does not see the EXIF of a PNG.
  private static func adding(_ source: String, _ task: ToolTask, after done: Int) -> ToolCall? {
    guard done == 1, let exif = exif(source, task) else { return nil }
    return ToolCall(
      webpmux, arguments: ["-set", "exif", "exif", "out.webp", "-o", "whole.webp"], files: ["exif": exif])
  }

  private static func exif(_ source: String, _ task: ToolTask) -> [UInt8]? {
    guard !task.options.flag(.strip) else { return nil }
    return PNGEdit.chunk("eXIf", in: task.folder.bytes(of: source, atMost: WebPHeader.mostBytes) ?? [])
  }

  /// Takes out what there is; a first look, for a file of which nothing has to be taken.
  private static func stripping(_ source: String, _ task: ToolTask, after done: Int) -> ToolCall? {
    let kinds = WebPHeader(task.folder.bytes(of: source, atMost: WebPHeader.mostBytes) ?? [])?.metadata ?? []
    guard done > 0 else { return ToolCall(webpmux, arguments: ["-info", source]) }
    guard done <= kinds.count else { return nil }
    let last = done == 1 ? source : "half-\(done - 1).webp"
    return ToolCall(webpmux, arguments: ["-strip", kinds[done - 1], last, "-o", "half-\(done).webp"])
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try WebP.check(ends)
    let source = task.sources.first ?? ""
    if task.conversion.from == .webp, task.conversion.to == .webp {
      let last = ends.count > 1 ? "half-\(ends.count - 1).webp" : source
      return [ToolResult("stripped.webp", pieces: [.part(of: last, from: 0)])]
    }
    guard task.conversion.to == .png else { return [ToolResult(ends.count > 1 ? "whole.webp" : "out.webp")] }
    let bytes = task.folder.bytes(of: source, atMost: WebPHeader.mostBytes) ?? []
    guard let profile = WebPHeader(bytes)?.profile else { return [ToolResult("out.png")] }
    return [ToolResult("made.png", pieces: PNGEdit.pieces(of: "out.png", withProfile: profile))]
  }

  private static func check(_ ends: [ToolEnd]) throws(ConversionFailure) {
    guard let end = ends.last, end.code != 0 else { return }
    if end.words.contains("memory") || end.words.contains("Out of") { throw .outOfMemory }
    throw ConversionFailure(.damagedFile, "the picture is damaged, or not one that the programs of WebP read")
  }
}
