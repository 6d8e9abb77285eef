import Formats

/// A hash that folds a message into its state block by block, the last one filled up with the message's length.
protocol BlockHash {
  static var blockSize: Int { get }
  /// Which end of the length comes first.
  static var isBigEndian: Bool { get }

  init()
  mutating func fold(_ block: UnsafeRawBufferPointer)
  var digest: [UInt8] { get }
}

/// Cuts a message into blocks for a hash.
struct BlockHasher<Hash: BlockHash>: StreamHash {
  private var hash = Hash()
  private var pending: [UInt8] = []
  private var length = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += bytes.count
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = Hash.blockSize - pending.count
      pending.append(contentsOf: rest.prefix(missing))
      rest = rest.dropFirst(missing)
      guard pending.count == Hash.blockSize else { return }
      pending.withUnsafeBytes { hash.fold($0) }
      pending.removeAll(keepingCapacity: true)
    }
    while rest.count >= Hash.blockSize {
      hash.fold(UnsafeRawBufferPointer(rebasing: rest.prefix(Hash.blockSize)))
      rest = rest.dropFirst(Hash.blockSize)
    }
    pending.append(contentsOf: rest)
  }

  mutating func finish() -> [UInt8] {
    let bits = length * 8
    let lengthBytes = Hash.blockSize / 8
    var tail = pending + [0x80]
    let missing = (Hash.blockSize - (tail.count + lengthBytes) % Hash.blockSize) % Hash.blockSize
    tail += [UInt8](repeating: 0, count: missing)
    let ordered = (0..<lengthBytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: bits >> ($0 * 8)) : 0 }
    tail += Hash.isBigEndian ? ordered.reversed() : ordered
    tail.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: Hash.blockSize) {
        hash.fold(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Hash.blockSize]))
      }
    }
    return hash.digest
  }
}
