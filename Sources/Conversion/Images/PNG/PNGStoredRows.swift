import CImage

/// Reads the rows of a plain PNG as they are stored: a filter's number and what it has made of the row.
final class PNGStoredRows {
  private static let history = 1 << 15
  /// Enough that moving the history costs little, and little enough for the processor's second cache.
  private static let leastWindow = 1 << 17
  private static let inputCapacity = 1 << 15

  /// The number of the filter in front.
  let rowBytes: Int

  private let data: PNGDataChunks
  private let inflater = Inflater()
  private let input: PixelRows
  private var inputPlace = 0
  private var inputEnd = 0
  private var hasAllInput = false

  private let window: PixelRows
  private let windowEnd: Int
  /// Rows are taken up to here, and decoded up to the second place.
  private var taken = 0
  private var decoded = 0
  private var sum: UInt32 = 1

  init(_ input: ByteInput, rowBytes: Int, at offset: Int64) throws(ConversionFailure) {
    self.rowBytes = rowBytes
    data = try PNGDataChunks(input, at: offset)
    self.input = try PixelRows(rows: 1, bytesPerRow: PNGStoredRows.inputCapacity + Inflater.padding)
    windowEnd = PNGStoredRows.history + max(PNGStoredRows.leastWindow, 2 * rowBytes)
    window = try PixelRows(rows: 1, bytesPerRow: windowEnd + Inflater.slack)
  }

  /// The next row, which is there until the one after it is asked for; nil when the stream has ended or is not taken.
  func next() throws(ConversionFailure) -> UnsafePointer<UInt8>? {
    while decoded - taken < rowBytes {
      guard try decode() else { return nil }
    }
    guard let window = window.start else { return nil }
    defer { taken += rowBytes }
    return UnsafePointer(window + taken)
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
    let first = min(taken, decoded - PNGStoredRows.history)
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
    let room = PNGStoredRows.inputCapacity - kept
    guard let got = try data.read(room, into: start + kept) else { return false }
    inputEnd += got
    guard got < room else { return true }
    hasAllInput = true
    (start + inputEnd).update(repeating: 0, count: Inflater.padding)
    return true
  }
}
