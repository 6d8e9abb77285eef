import Formats

/// Reads the Quite OK Image format (qoiformat.org, specification 1.0).
final class QOIReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let stream: ByteStream
  private var seen = [SIMD4<UInt8>](repeating: SIMD4(), count: 64)
  private var pixel = SIMD4<UInt8>(0, 0, 0, 255)
  private var run = 0

  init(_ descriptor: Int32) throws(ConversionFailure) {
    stream = try ByteStream(descriptor, .qoi)
    guard try stream.read(4) == Array("qoif".utf8) else { throw stream.damaged("no signature") }
    let (width, height) = (try stream.big32(), try stream.big32())
    let channels = Int(try stream.byte())
    _ = try stream.byte()
    guard channels == 3 || channels == 4, width > 0, height > 0 else { throw stream.damaged("impossible header") }
    header = PictureHeader(width: width, height: height, channels: channels)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let channels = header.channels
    for offset in stride(from: 0, to: count * header.bytesPerRow, by: channels) {
      if run > 0 { run -= 1 } else { try next() }
      rows[offset] = pixel[0]
      rows[offset + 1] = pixel[1]
      rows[offset + 2] = pixel[2]
      if channels == 4 { rows[offset + 3] = pixel[3] }
    }
    rowsDone += count
  }

  /// Eight bytes end the file.
  func finish() throws(ConversionFailure) {
    guard try stream.read(8) == [0, 0, 0, 0, 0, 0, 0, 1] else { throw stream.damaged("no end mark") }
  }

  private func next() throws(ConversionFailure) {
    let tag = try stream.byte()
    switch tag {
    case 0xFE, 0xFF:
      pixel = SIMD4(try stream.byte(), try stream.byte(), try stream.byte(), tag == 0xFF ? try stream.byte() : pixel[3])
    case 0..<0x40: pixel = seen[Int(tag)]
    case 0x40..<0x80:
      let step = SIMD4<UInt8>(tag >> 4 & 3, tag >> 2 & 3, tag & 3, 2)
      pixel = pixel &+ step &- SIMD4(repeating: 2)
    case 0x80..<0xC0:
      let green = (tag & 63) &- 32
      let rest = try stream.byte()
      pixel = pixel &+ SIMD4(green &- 8 &+ (rest >> 4), green, green &- 8 &+ (rest & 15), 0)
    default: run = Int(tag & 63)
    }
    seen[QOIReader.place(pixel)] = pixel
  }

  @inline(__always)
  static func place(_ pixel: SIMD4<UInt8>) -> Int {
    let sum = pixel[0] &* 3 &+ pixel[1] &* 5 &+ pixel[2] &* 7 &+ pixel[3] &* 11
    return Int(sum & 63)
  }
}
