/// Writes the Quite OK Image format (qoiformat.org, specification 1.0).
final class QOIWriter: PictureWriter {
  private let output: ByteOutput
  private let header: PictureHeader
  private var seen = [SIMD4<UInt8>](repeating: SIMD4(), count: 64)
  private var last = SIMD4<UInt8>(0, 0, 0, 255)
  private var run = 0

  init(_ descriptor: Int32, _ header: PictureHeader) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    self.header = header
    try output.write("qoif")
    try output.write(ByteOrder.big32(header.width) + ByteOrder.big32(header.height) + [UInt8(header.channels), 0])
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    let channels = header.channels
    for offset in stride(from: 0, to: count * header.bytesPerRow, by: channels) {
      let alpha = channels == 4 ? rows[offset + 3] : 255
      try write(SIMD4(rows[offset], rows[offset + 1], rows[offset + 2], alpha))
    }
  }

  private func write(_ pixel: SIMD4<UInt8>) throws(ConversionFailure) {
    if pixel == last {
      run += 1
      if run == 62 { try endRun() }
      return
    }
    try endRun()
    defer { last = pixel }
    let place = QOIReader.place(pixel)
    if seen[place] == pixel { return try output.write(UInt8(place)) }
    seen[place] = pixel
    guard pixel[3] == last[3] else {
      try output.write(0xFF)
      for channel in 0..<4 { try output.write(pixel[channel]) }
      return
    }
    let step = pixel &- last
    let (red, green, blue) = (step[0] &+ 2, step[1] &+ 2, step[2] &+ 2)
    if red < 4, green < 4, blue < 4 { return try output.write(0x40 | red << 4 | green << 2 | blue) }
    let (redLess, blueLess) = (step[0] &- step[1] &+ 8, step[2] &- step[1] &+ 8)
    if step[1] &+ 32 < 64, redLess < 16, blueLess < 16 {
      try output.write(0x80 | (step[1] &+ 32))
      return try output.write(redLess << 4 | blueLess)
    }
    try output.write(0xFE)
    for channel in 0..<3 { try output.write(pixel[channel]) }
  }

  private func endRun() throws(ConversionFailure) {
    guard run > 0 else { return }
    try output.write(0xC0 | UInt8(run - 1))
    run = 0
  }

  func finish() throws(ConversionFailure) -> Int64 {
    try endRun()
    try output.write([0, 0, 0, 0, 0, 0, 0, 1])
    return try output.finish()
  }
}
