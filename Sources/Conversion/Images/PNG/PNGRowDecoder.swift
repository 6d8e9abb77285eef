import CImage

/// Reads the rows of a plain PNG: pixels of 8-bit samples or numbers of a palette, not interlaced.
///
/// It takes only what libpng takes without a remark; for anything else `read` and `finish` return false, and libpng has
/// to begin again, so that it alone decides what a damaged file comes to.
final class PNGRowDecoder {
  private static let history = 1 << 15
  /// Enough that moving the history costs little, and little enough for the processor's second cache.
  private static let leastWindow = 1 << 17
  private static let inputCapacity = 1 << 15

  private let header: PictureHeader
  private let layout: cimage_png_layout
  private let data: PNGDataChunks
  private let inflater = Inflater()
  private let pixelBytes: Int
  /// Without the number of the filter in front.
  private let storedRowBytes: Int

  private let input: PixelRows
  private var inputPlace = 0
  private var inputEnd = 0
  private var hasAllInput = false

  private let window: PixelRows
  private let windowEnd: Int
  /// Rows are taken up to here, checked up to the second place and decoded up to the third.
  private var taken = 0
  private var decoded = 0
  private var sum: UInt32 = 1

  private let above: PixelRows
  /// Two rows of numbers of the palette, the last one and the next.
  private let numbers: PixelRows?
  private let palette: UnsafeMutablePointer<UInt32>
  private var rowsDone = 0

  init(_ input: ByteInput, _ header: PictureHeader, _ layout: cimage_png_layout) throws(ConversionFailure) {
    self.header = header
    self.layout = layout
    pixelBytes = Int(layout.pixel_bytes)
    storedRowBytes = header.width * pixelBytes
    data = try PNGDataChunks(input, at: layout.data_offset)
    self.input = try PixelRows(rows: 1, bytesPerRow: PNGRowDecoder.inputCapacity + Inflater.padding)
    windowEnd = PNGRowDecoder.history + max(PNGRowDecoder.leastWindow, 2 * (storedRowBytes + 1))
    window = try PixelRows(rows: 1, bytesPerRow: windowEnd + Inflater.slack)
    above = try PixelRows(rows: 1, bytesPerRow: storedRowBytes)
    above.row(0).initializeMemory(as: UInt8.self, repeating: 0)
    numbers = layout.colour_count > 0 ? try PixelRows(rows: 2, bytesPerRow: storedRowBytes) : nil
    palette = .allocate(capacity: 256)
    palette.initialize(repeating: 0, count: 256)
    numbers?.bytes(2).initializeMemory(as: UInt8.self, repeating: 0)
    withUnsafeBytes(of: layout.colours) { colours in
      for index in 0..<256 { palette[index] = colours.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self) }
    }
  }

  deinit { palette.deallocate() }

  /// Reads the next `count` rows into a buffer that holds them.
  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) -> Bool {
    let rowBytes = header.bytesPerRow
    precondition(rows.count >= count * rowBytes && rowsDone + count <= header.height)
    guard count > 0, let target = rows.baseAddress?.assumingMemoryBound(to: UInt8.self),
      let before = above.start, let window = window.start
    else { return true }
    for index in 0..<count {
      while decoded - taken < storedRowBytes + 1 {
        guard try decode() else { return false }
      }
      let row = target + index * rowBytes
      let filter = UInt32(window[taken])
      let stored = UnsafePointer(window + taken + 1)
      if let numbers {
        guard map(filter, stored, numbers, row) else { return false }
      } else {
        let last = index == 0 ? UnsafePointer(before) : UnsafePointer(row - rowBytes)
        guard cimage_png_undo_filter(filter, stored, last, row, storedRowBytes, pixelBytes) else { return false }
      }
      taken += storedRowBytes + 1
      rowsDone += 1
    }
    if numbers == nil { before.update(from: target + (count - 1) * rowBytes, count: rowBytes) }
    return true
  }

  /// Checks that the stream and the file end where they should.
  func finish() throws(ConversionFailure) -> Bool {
    while inflater.state != .ended {
      guard taken == decoded, try decode() else { return false }
    }
    guard taken == decoded, let start = input.start else { return false }
    inputPlace -= inflater.unusedBytes
    while inputEnd - inputPlace < 4 {
      guard !hasAllInput, try refill() else { return false }
    }
    let expected = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(start[inputPlace + $1]) }
    guard inputEnd - inputPlace == 4, expected == sum else { return false }
    return try data.finish()
  }

  /// Undoes a row's filter and looks its numbers up; false for one that the palette does not have.
  private func map(
    _ filter: UInt32, _ stored: UnsafePointer<UInt8>, _ numbers: PixelRows, _ row: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard let start = numbers.start else { return false }
    let current = start + (rowsDone & 1) * storedRowBytes
    let last = start + (1 - rowsDone & 1) * storedRowBytes
    guard cimage_png_undo_filter(filter, stored, last, current, storedRowBytes, 1) else { return false }
    return cimage_png_look_up(current, header.width, palette, layout.colour_count, UInt32(header.channels), row)
  }

  /// Decodes some more bytes; false when the stream has ended or is not taken.
  private func decode() throws(ConversionFailure) -> Bool {
    guard inflater.state != .ended, let window = window.start, let input = input.start else { return false }
    if decoded >= windowEnd { slide() }
    if !hasAllInput, inputEnd - inputPlace <= Inflater.padding {
      guard try refill() else { return false }
    }
    var place = Inflater.Place(input: UnsafePointer(input) + inputPlace, output: window + decoded)
    let limit = hasAllInput ? inputEnd + 8 : inputEnd - Inflater.padding
    inflater.run(&place, until: input + limit, window + windowEnd, first: window)
    inputPlace = place.input - UnsafePointer(input)
    let more = place.output - window - decoded
    sum = cimage_adler(sum, window + decoded, more)
    decoded += more
    guard inflater.state != .failed else { return false }
    // Zeros behind the end were taken for data.
    if hasAllInput, inputPlace - inflater.unusedBytes > inputEnd { return false }
    return more > 0 || inflater.state == .ended || !hasAllInput || inputPlace < limit
  }

  /// Moves what may still be referred to, and what has not been taken, to the beginning of the window.
  private func slide() {
    let first = min(taken, decoded - PNGRowDecoder.history)
    guard first > 0 else { return }
    let all = window.bytes(1)
    all.copyMemory(from: .init(rebasing: all[first..<decoded]))
    taken -= first
    decoded -= first
  }

  /// Brings more input behind what is left of it; false when a chunk is wrong.
  private func refill() throws(ConversionFailure) -> Bool {
    guard let start = input.start else { return false }
    let kept = inputEnd - inputPlace
    start.update(from: start + inputPlace, count: kept)
    (inputPlace, inputEnd) = (0, kept)
    let room = PNGRowDecoder.inputCapacity - kept
    guard let got = try data.read(room, into: start + kept) else { return false }
    inputEnd += got
    guard got < room else { return true }
    hasAllInput = true
    (start + inputEnd).update(repeating: 0, count: Inflater.padding)
    return true
  }
}
