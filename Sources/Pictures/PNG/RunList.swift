import CImage
import Formats

/// Memory for the runs of one block, and how they are kept behind its bytes on the way to another thread.
final class RunList {
  private static let capacity = 1 << 14
  private static let headBytes = MemoryLayout<Int>.stride
  /// What a stored list takes: the number of runs, and them, wherever the memory begins.
  static let bytes = headBytes + capacity * MemoryLayout<cimage_run>.stride + alignment - 1
  private static let alignment = MemoryLayout<Int>.alignment

  private let memory: PixelRows

  init() throws(ConversionFailure) {
    memory = try PixelRows(rows: 1, bytesPerRow: RunList.bytes)
  }

  /// The runs of a block, until the next one's are looked for.
  func find(in block: UnsafeRawBufferPointer) -> UnsafeBufferPointer<cimage_run> {
    RunList.store(runsOf: block, in: memory.bytes(1))
    return RunList.load(from: .init(memory.bytes(1)))
  }

  /// Looks for the runs of a block, and leaves them in memory that need not be aligned.
  static func store(runsOf block: UnsafeRawBufferPointer, in memory: UnsafeMutableRawBufferPointer) {
    precondition(memory.count >= bytes)
    let place = aligned(.init(memory))
    guard let head = UnsafeMutableRawPointer(mutating: place.baseAddress),
      let from = block.assumingMemoryBound(to: UInt8.self).baseAddress
    else { return }
    let runs = (head + headBytes).bindMemory(to: cimage_run.self, capacity: capacity)
    head.storeBytes(of: cimage_runs_find(from, block.count, runs, capacity), as: Int.self)
  }

  /// What `store` has left.
  static func load(from memory: UnsafeRawBufferPointer) -> UnsafeBufferPointer<cimage_run> {
    guard let head = aligned(memory).baseAddress else { return .init(start: nil, count: 0) }
    let runs = (head + headBytes).assumingMemoryBound(to: cimage_run.self)
    return UnsafeBufferPointer(start: runs, count: head.load(as: Int.self))
  }

  private static func aligned(_ memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let past = Int(bitPattern: memory.baseAddress) % alignment
    return .init(rebasing: memory[(past == 0 ? 0 : alignment - past)...])
  }
}
