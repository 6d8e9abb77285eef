import CImage
import Formats

/// Joins the chunks that hold a picture's compressed pixels (PNG third edition, section 11.2.3) into one run of bytes,
/// checking each chunk's sum.
final class PNGDataChunks {
  /// Longer chunks are left to libpng's judgement.
  private static let longest = (1 << 31) - 1

  private let input: ByteInput
  private var offset: Int64
  /// The file as it was read; what stands before `rawStart` has been taken.
  private let raw: PixelRows
  private var rawStart = 0
  private var rawEnd = 0
  private var chunkRest = 0
  private var chunkSum: UInt32 = 0
  private var isBegun = false
  /// True when another chunk follows the last one of pixels.
  private(set) var isAtEnd = false
  private static let capacity = 1 << 16

  /// `offset` is where the first chunk begins.
  init(_ input: ByteInput, at offset: Int64) throws(ConversionFailure) {
    self.input = input
    self.offset = offset
    raw = try PixelRows(rows: 1, bytesPerRow: PNGDataChunks.capacity)
  }

  /// Copies up to `count` bytes of pixels, fewer than that only at the end; nil when something is wrong with a chunk.
  func read(_ count: Int, into place: UnsafeMutablePointer<UInt8>) throws(ConversionFailure) -> Int? {
    var done = 0
    while done < count {
      if chunkRest == 0 {
        guard !isAtEnd, try nextChunk() else { return isAtEnd ? done : nil }
        continue
      }
      guard try need(1), let start = raw.start else { return nil }
      let step = min(count - done, chunkRest, rawEnd - rawStart)
      (place + done).update(from: start + rawStart, count: step)
      chunkSum = cimage_crc(chunkSum, start + rawStart, step)
      rawStart += step
      chunkRest -= step
      done += step
    }
    return done
  }

  /// Goes through what follows the pixels to the file's end chunk; false when libpng should see it.
  func finish() throws(ConversionFailure) -> Bool {
    guard chunkRest == 0 else { return false }
    while !isAtEnd {
      // A chunk of pixels behind their end.
      guard try nextChunk(), isAtEnd else { return false }
    }
    while true {
      guard let (name, length) = try head() else { return false }
      let isEnd = name.elementsEqual("IEND".utf8)
      guard isEnd ? length == 0 : PNGDataChunks.isSkipped(name) && length <= PNGChunks.mostBytes,
        try skip(length)
      else { return false }
      if isEnd { return true }
    }
  }

  /// Chunks that libpng skips after the pixels; it looks into the others.
  private static func isSkipped(_ name: [UInt8]) -> Bool {
    let isName = name.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    return isName && name[0] & 0x20 != 0 && !["tRNS", "iCCP", "sBIT"].contains { name.elementsEqual($0.utf8) }
  }

  /// Checks the sum of the chunk that ends here and goes on to the next, which is of pixels or the end of them.
  private func nextChunk() throws(ConversionFailure) -> Bool {
    if isBegun {
      guard try checkSum() else { return false }
    }
    guard let (name, length) = try head() else { return false }
    guard name.elementsEqual("IDAT".utf8) else {
      // It is read again by `finish`.
      rawStart -= 8
      isAtEnd = true
      return isBegun
    }
    // libpng has an opinion about empty ones.
    guard length > 0, length <= PNGDataChunks.longest else { return false }
    isBegun = true
    chunkRest = length
    return true
  }

  /// The name and the length of the chunk that begins here; its sum begins with the name.
  private func head() throws(ConversionFailure) -> (name: [UInt8], length: Int)? {
    guard try need(8), let start = raw.start else { return nil }
    let length = number(rawStart)
    let name = (4..<8).map { start[rawStart + $0] }
    chunkSum = cimage_crc(0, start + rawStart + 4, 4)
    rawStart += 8
    return (name, length)
  }

  private func skip(_ count: Int) throws(ConversionFailure) -> Bool {
    var rest = count
    while rest > 0 {
      guard try need(1), let start = raw.start else { return false }
      let step = min(rest, rawEnd - rawStart)
      chunkSum = cimage_crc(chunkSum, start + rawStart, step)
      rawStart += step
      rest -= step
    }
    return try checkSum()
  }

  private func checkSum() throws(ConversionFailure) -> Bool {
    guard try need(4), number(rawStart) == Int(chunkSum) else { return false }
    rawStart += 4
    return true
  }

  private func number(_ place: Int) -> Int {
    raw.bytes(1)[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Makes at least `count` bytes available; false at the end of the file.
  private func need(_ count: Int) throws(ConversionFailure) -> Bool {
    while rawEnd - rawStart < count {
      if rawStart > 0 {
        let rest = raw.bytes(1)[rawStart..<rawEnd]
        raw.bytes(1).copyMemory(from: .init(rebasing: rest))
        (rawStart, rawEnd) = (0, rest.count)
      }
      let got = try input.fill(.init(rebasing: raw.bytes(1)[rawEnd...]), at: offset)
      if got == 0 { return false }
      offset += Int64(got)
      rawEnd += got
    }
    return true
  }
}
