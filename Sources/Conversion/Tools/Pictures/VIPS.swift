import Basics
import Formats
import Pictures

/// Makes pictures of pictures by the programs of libvips.
///
/// What a build of it can do differs in HEIC, AVIF and JPEG XL, so each of these, and each two of them, is a tool of its
/// own, which is offered where it works.
struct VIPS: Tool {
  /// Beyond those that every build reads and writes.
  let families: [Format]

  let program = Program("vipsthumbnail", package: "libvips-tools")
  let companions = [
    Program("vipsheader", package: "libvips-tools"), Program("vips", package: "libvips-tools"),
  ]
  let lane = Lane.office
  var name: String { (["vips"] + families.map(\.name)).joined(separator: " ") }

  static let all = [
    VIPS(families: []), VIPS(families: [.heic]), VIPS(families: [.avif]), VIPS(families: [.jxl]),
    VIPS(families: [.heic, .avif]), VIPS(families: [.heic, .jxl]), VIPS(families: [.avif, .jxl]),
  ]

  private static let read: [Format] = [.webp, .gif, .tiff]
  private static let own: [Format] = [.png, .jpeg] + read

  /// Calls of others cost more than code of ours; a PNG keeps all there is, so that ways over it go before others.
  private enum Cost {
    static let png = 9
    static let usual = 10
    /// cwebp goes before it where it is here.
    static let second = 11
  }

  var offers: [Offer] {
    switch families.count {
    case 0:
      VIPS.offers(from: VIPS.read, to: .png) + VIPS.offers(from: VIPS.read, to: .jpeg)
        + VIPS.offers(from: [.png], to: .webp, cost: Cost.second)
        + VIPS.offers(from: [.jpeg] + VIPS.read, to: .webp) + VIPS.offers(from: VIPS.own, to: .gif)
        + VIPS.offers(from: VIPS.own, to: .tiff)
    case 1:
      families.flatMap { family in
        VIPS.offers(from: VIPS.own + [family], to: family)
          + VIPS.own.flatMap { VIPS.offers(from: [family], to: $0) }
      }
    default:
      VIPS.offers(from: [families[0]], to: families[1]) + VIPS.offers(from: [families[1]], to: families[0])
    }
  }

  /// With its size as an offer of its own where code of ours could do that and more with the picture.
  private static func offers(from: [Format], to: Format, cost: Int = Cost.usual) -> [Offer] {
    let reading: [ConversionOption] = [.page, .autoOrient, .strip]
    let options = reading + (writing[to] ?? [])
    guard to == .png else {
      return [Offer(from: from, to: [to], options: options + ConversionOption.resizing, cost: cost)]
    }
    return [
      Offer(from: from, to: [to], options: options, cost: Cost.png),
      Offer(from: from, to: [to], options: options + ConversionOption.resizing, cost: cost),
    ]
  }

  private static let writing: [Format: [ConversionOption]] = [
    .png: [.compression], .jpeg: [.quality, .progressive, .background], .webp: [.quality, .lossless, .effort],
    .heic: [.quality, .lossless], .avif: [.quality, .lossless, .effort], .jxl: [.quality, .lossless, .effort],
    .gif: [.effort], .tiff: [.quality, .tiffCompression],
  ]

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    if let end = ends.last, end.code != 0 { throw VIPS.failure(end, task) }
    let calls = try VIPSPlan(task).calls(done: ends.count)
    return ends.count < calls.count ? calls[ends.count] : nil
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last, end.code != 0 { throw VIPS.failure(end, task) }
    return try VIPSPlan(task).results()
  }

  private static func failure(_ end: ToolEnd, _ task: ToolTask) -> ConversionFailure {
    let words = end.words
    if ["out of memory", "emory alloc", "Memory"].contains(where: words.contains) { return .outOfMemory }
    let target = task.conversion.to.title
    if ["heifsave", "webpsave", "vips2webp", "gifsave", "cgifsave", "jpegsave", "tiffsave", "jxlsave", "pngsave"]
      .contains(
        where: words.contains)
    {
      return ConversionFailure(.unsupportedConversion, "the picture could not be written as \(target) by vips")
    }
    return ConversionFailure(.damagedFile, "the picture is damaged, or not one that vips reads")
  }
}
