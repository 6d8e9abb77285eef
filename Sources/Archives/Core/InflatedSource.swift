/// What DEFLATE has made of the bytes of another source.
final class InflatedSource: ByteSource {
  private let source: any ByteSource
  private let inflater: Inflater
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  private var start = 0
  private var end = 0
  private(set) var isEnded = false

  init(_ source: any ByteSource) throws {
    self.source = source
    inflater = try Inflater()
  }

  deinit { memory.deallocate() }

  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    while !isEnded {
      if start == end, try !refill() {
        throw ArchiveFault(.malformed, "its compressed bytes end too early")
      }
      let step = try inflater.step(UnsafeRawBufferPointer(rebasing: memory[start..<end]), into: place)
      start += step.used
      isEnded = step.isEnd
      if step.produced > 0 { return step.produced }
      guard step.used > 0 || isEnded else { throw ArchiveFault(.malformed, "its compressed bytes lead nowhere") }
    }
    return 0
  }

  /// Reads bytes behind the end of the stream, or before it, as they stand in the source.
  func readPlain(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    if start == end, try !refill() { return 0 }
    let count = min(place.count, end - start)
    place.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<start + count]))
    start += count
    return count
  }

  /// Begins with another stream behind the one that has ended.
  func restart() {
    inflater.restart()
    isEnded = false
  }

  private func refill() throws -> Bool {
    start = 0
    end = 0
    end = try source.read(memory)
    return end > 0
  }
}
