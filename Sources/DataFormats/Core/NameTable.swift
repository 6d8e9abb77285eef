/// The names of a document, each once, byte by byte the same, numbered in the order of their coming.
struct NameTable {
  private var bytes: [UInt8] = []
  private var starts: [UInt32] = [0]
  private var hashes: [UInt32] = []
  /// Numbers plus one, by hash; 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)
  // Without a secret, names could be chosen to fall together.
  private let secret: UInt64 = .random(in: 1...(.max))
  private(set) var texts: [String] = []

  var count: Int { texts.count }

  /// How many bytes all of them have, which has to be kept below 4 GB by whoever adds them.
  var byteCount: Int { bytes.count }

  /// The number of a name that has been seen before.
  func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
    let slot = slots[place(of: name, hash: hash(name))]
    return slot == 0 ? nil : Int(slot) - 1
  }

  /// Adds a name that has not been seen before.
  mutating func add(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    if (texts.count + 1) * 2 > slots.count { grow() }
    let hash = hash(name)
    let place = place(of: name, hash: hash)
    bytes.append(contentsOf: name)
    starts.append(UInt32(truncatingIfNeeded: bytes.count))
    hashes.append(hash)
    texts.append(String(decoding: name, as: UTF8.self))
    slots[place] = Int32(texts.count)
    return texts.count - 1
  }

  private func place(of name: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] != 0, !isName(Int(slots[place]) - 1, name, hash) { place = (place + 1) & mask }
    return place
  }

  private func isName(_ number: Int, _ name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Bool {
    guard hashes[number] == hash, Int(starts[number + 1] - starts[number]) == name.count else { return false }
    let start = Int(starts[number])
    return bytes.withUnsafeBufferPointer { known in
      for index in 0..<name.count where known[start + index] != name[index] { return false }
      return true
    }
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [Int32](repeating: 0, count: mask + 1)
    for (number, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = Int32(number + 1)
    }
  }

  /// Eight bytes at a time are folded in by a wide multiplication.
  private func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = secret ^ UInt64(name.count)
    var at = 0
    while at < name.count {
      var word: UInt64 = 0
      for index in at..<min(at + 8, name.count) { word = word << 8 | UInt64(name[index]) }
      let product = (hash ^ word).multipliedFullWidth(by: secret | 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
      at += 8
    }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
