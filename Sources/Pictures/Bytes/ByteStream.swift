import Basics
import Formats
import Glibc

/// A file read from one place on through a buffer, for the formats that are decoded here.
final class ByteStream {
  private static let capacity = 1 << 16

  private let input: ByteInput
  private let format: Format
  private let memory: PixelRows
  private let bytes: UnsafeMutablePointer<UInt8>
  private var start = 0
  private var end = 0
  /// Where in the file the end of the buffer is.
  private var offset: Int64

  /// `format` is whose damage an early end of the file is.
  init(_ descriptor: Int32, _ format: Format, offset: Int64 = 0) throws(ConversionFailure) {
    input = ByteInput(descriptor: descriptor)
    self.format = format
    self.offset = offset
    memory = try PixelRows(rows: 1, bytesPerRow: ByteStream.capacity)
    guard let bytes = memory.start else { throw .outOfMemory }
    self.bytes = bytes
  }

  /// Where the next byte stands in the file.
  var position: Int64 { offset - Int64(end - start) }

  func seek(to position: Int64) {
    offset = position
    start = 0
    end = 0
  }

  @inline(__always)
  func byte() throws(ConversionFailure) -> UInt8 {
    if start == end { try fill() }
    defer { start &+= 1 }
    return bytes[start]
  }

  func skip(_ count: Int) {
    if count <= end - start { start += count } else { seek(to: position + Int64(count)) }
  }

  /// How many bytes the file has.
  func fileSize() throws(ConversionFailure) -> Int64 { try input.size() }

  /// Fills all of `target`.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    var done = 0
    while done < target.count {
      if start == end { try fill() }
      let step = min(target.count - done, end - start)
      UnsafeMutableRawBufferPointer(rebasing: target[done..<done + step]).copyMemory(
        from: UnsafeRawBufferPointer(start: bytes + start, count: step))
      start += step
      done += step
    }
  }

  /// `count` must be small: it is allocated before it is known to be there.
  func read(_ count: Int) throws(ConversionFailure) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try byte()) }
    return result
  }

  func little16() throws(ConversionFailure) -> Int { Int(try byte()) | Int(try byte()) << 8 }
  func little32() throws(ConversionFailure) -> Int { try little16() | (try little16()) << 16 }
  func big32() throws(ConversionFailure) -> Int {
    let high = Int(try byte()) << 24 | Int(try byte()) << 16
    return high | Int(try byte()) << 8 | Int(try byte())
  }

  func damaged(_ problem: String) -> ConversionFailure {
    ConversionFailure(.damagedFile, "the \(format.title) file is damaged: \(problem)")
  }

  func unsupported(_ kind: String) -> ConversionFailure {
    ConversionFailure(.unsupportedConversion, "this kind of \(format.title) file is not supported: \(kind)")
  }

  private func fill() throws(ConversionFailure) {
    let place = UnsafeMutableRawBufferPointer(start: bytes, count: ByteStream.capacity)
    let count = try input.fill(place, at: offset)
    guard count > 0 else { throw damaged("the file ends too early") }
    start = 0
    end = count
    offset += Int64(count)
  }
}
