import CImage
import Formats

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

  private let ownWindow: PixelRows
  /// Our own memory, or what the last rows were read into.
  private var window: UnsafeMutableRawBufferPointer
  private let ownWindowEnd: Int
  private var windowEnd: Int
  /// Rows are taken up to here, and decoded up to the second place.
  private var taken = 0
  private var decoded = 0

  init(_ input: ByteInput, rowBytes: Int, at offset: Int64) throws(ConversionFailure) {
    self.rowBytes = rowBytes
    data = try PNGDataChunks(input, at: offset)
    self.input = try PixelRows(rows: 1, bytesPerRow: PNGStoredRows.inputCapacity + Inflater.padding)
    ownWindowEnd = PNGStoredRows.history + max(PNGStoredRows.leastWindow, 2 * rowBytes)
    windowEnd = ownWindowEnd
    ownWindow = try PixelRows(rows: 1, bytesPerRow: windowEnd + Inflater.slack)
    window = ownWindow.bytes(1)
  }

  /// The next row, which is there until the one after it is asked for; nil when the stream has ended or is not taken.
  func next() throws(ConversionFailure) -> UnsafePointer<UInt8>? {
    while decoded - taken < rowBytes {
      guard try decode() else { return nil }
    }
    guard let start = windowStart else { return nil }
    defer { taken += rowBytes }
    return UnsafePointer(start + taken)
  }

  /// What `read` needs beside the rows: what they may refer to, and what is decoded too far.
  static let spare = history + Inflater.slack

  /// Reads the next `count` rows into memory that has to stay until those after them are read, and tells where in it they
  /// begin; nil as for `next`.
  func read(_ count: Int, into memory: UnsafeMutableRawBufferPointer) throws(ConversionFailure) -> Int? {
    precondition(memory.count >= count * rowBytes + PNGStoredRows.spare)
    slide(to: memory)
    windowEnd = taken + count * rowBytes
    while decoded < windowEnd {
      guard try decode() else { return nil }
    }
    defer { taken = windowEnd }
    return taken
  }

  private var windowStart: UnsafeMutablePointer<UInt8>? {
    window.baseAddress?.assumingMemoryBound(to: UInt8.self)
  }

  /// Checks that the stream and the file end where they should.
  ///
  /// `sum` is the Adler-32 of all rows.
  func finish(_ sum: UInt32) throws(ConversionFailure) -> Bool {
    slide(to: ownWindow.bytes(1))
    windowEnd = ownWindowEnd
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
    guard inflater.state != .ended, let window = windowStart, let input = input.start else { return false }
    if decoded >= windowEnd { slide(to: self.window) }
    if !hasAllInput, inputEnd - inputPlace <= Inflater.padding {
      guard try refill() else { return false }
    }
    var place = Inflater.Place(input: UnsafePointer(input) + inputPlace, output: window + decoded)
    let limit = hasAllInput ? inputEnd + 8 : inputEnd - Inflater.padding
    inflater.run(&place, until: input + limit, window + windowEnd, first: window)
    inputPlace = place.input - UnsafePointer(input)
    let more = place.output - window - decoded
    decoded += more
    guard inflater.state != .failed else { return false }
    // Zeros behind the end were taken for data.
    if hasAllInput, inputPlace - inflater.unusedBytes > inputEnd { return false }
    return more > 0 || inflater.state == .ended || !hasAllInput || inputPlace < limit
  }

  /// Moves what may still be referred to, and what has not been taken, to the beginning of the next window.
  private func slide(to next: UnsafeMutableRawBufferPointer) {
    let first = max(0, min(taken, decoded - PNGStoredRows.history))
    next.copyMemory(from: .init(rebasing: window[first..<decoded]))
    window = next
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
