import Formats

/// Reads the largest picture of a Windows icon or cursor: a PNG, or a bitmap with its mask.
final class IconReader: PictureReader {
  private let content: any PictureReader
  var header: PictureHeader { content.header }
  var rowsDone: Int { content.rowsDone }

  init(
    _ descriptor: Int32, _ format: Format, _ limits: ConversionLimits, allowsDamage: Bool = false
  ) throws(ConversionFailure) {
    let stream = try ByteStream(descriptor, format)
    let input = ByteInput(descriptor: descriptor)
    let head = try stream.read(6)
    let count = Int(head[4]) | Int(head[5]) << 8
    var best: IconEntry?
    for _ in 0..<min(count, IconEntry.most) {
      guard let entry = try IconEntry(try stream.read(16), in: input, format) else { continue }
      if best.map({ entry.isBetter(than: $0) }) ?? true { best = entry }
    }
    guard let best else { throw stream.damaged("no picture in it") }
    if best.isPNG {
      content = try PNGReader(descriptor, offset: best.offset, limits.pngCodec, allowsDamage: allowsDamage)
    } else {
      stream.seek(to: best.offset)
      content = try IconBitmapReader(stream, descriptor, format, end: best.end, limits)
    }
  }

  var profile: ColourProfile? { content.profile }

  func colours() throws(ConversionFailure) -> ColourMeaning? { try content.colours() }

  func resolution() throws(ConversionFailure) -> Resolution? { try content.resolution() }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try content.read(count, into: rows)
  }

  func finish() throws(ConversionFailure) { try content.finish() }

  var damage: Set<ConversionWarning> { content.damage }

  func skipRow() -> Bool { content.skipRow() }
}
