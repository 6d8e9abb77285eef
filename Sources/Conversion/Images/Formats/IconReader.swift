/// Reads the largest picture of a Windows icon or cursor: a PNG, or a bitmap with its mask.
final class IconReader: PictureReader {
  private struct Entry {
    let width: Int
    let height: Int
    let bits: Int
    let size: Int
    let offset: Int
  }

  private let content: any PictureReader
  var header: PictureHeader { content.header }
  var rowsDone: Int { content.rowsDone }

  init(_ descriptor: Int32, _ format: Format, _ limits: ConversionLimits) throws(ConversionFailure) {
    let stream = try ByteStream(descriptor, format)
    let head = try stream.read(6)
    let count = Int(head[4]) | Int(head[5]) << 8
    var best: Entry?
    for _ in 0..<count {
      let bytes = try stream.read(16)
      func number(_ place: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
      }
      let entry = Entry(
        width: bytes[0] == 0 ? 256 : Int(bytes[0]), height: bytes[1] == 0 ? 256 : Int(bytes[1]),
        // A cursor has its hot spot there.
        bits: format == .ico ? number(6, 2) : 0, size: number(8, 4), offset: number(12, 4))
      let area = entry.width * entry.height
      if let old = best, (old.width * old.height, old.bits) >= (area, entry.bits) { continue }
      best = entry
    }
    guard let best else { throw stream.damaged("no picture in it") }
    stream.seek(to: Int64(best.offset))
    let isPNG = try stream.read(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    if isPNG {
      content = try PNGReader(descriptor, offset: Int64(best.offset), limits.pngCodec)
    } else {
      stream.seek(to: Int64(best.offset))
      content = try IconBitmapReader(stream, descriptor, format, end: Int64(best.offset + best.size), limits)
    }
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try content.read(count, into: rows)
  }

  func finish() throws(ConversionFailure) { try content.finish() }
}
