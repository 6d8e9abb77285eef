import DataFormats

/// Gathers what a writer of markup writes and gives it to a drain in pieces.
struct MarkupOutput {
  private static let piece = 1 << 16

  private let drain: ByteDrain
  private var memory: [UInt8] = []
  private var left: UInt8 = 0x0A
  private let markup: ByteSet
  private let addresses: ByteSet

  init(_ drain: ByteDrain) {
    self.drain = drain
    memory.reserveCapacity(Self.piece * 2)
    markup = ByteSet("<>&\"")
    addresses = ByteSet(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+!*(),%#@?=;:/$~")
  }

  /// The byte written last; a line feed where nothing has been written.
  var last: UInt8 { memory.last ?? left }

  @inline(__always)
  mutating func put(_ byte: UInt8) { memory.append(byte) }

  mutating func put(_ text: StaticString) { memory.append(text) }

  mutating func put(_ bytes: some Collection<UInt8>) { memory.append(contentsOf: bytes) }

  mutating func put(_ text: String) { memory.append(contentsOf: text.utf8) }

  /// Begins a new line unless one has just begun.
  mutating func line() { if last != 0x0A { memory.append(0x0A) } }

  /// Writes text of HTML, its special characters as references.
  mutating func putEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for place in 0..<bytes.count where markup.contains(bytes[place]) {
      memory.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<place]))
      putReference(bytes[place])
      start = place + 1
    }
    memory.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  private mutating func putReference(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "<"): put("&lt;")
    case UInt8(ascii: ">"): put("&gt;")
    case UInt8(ascii: "&"): put("&amp;")
    default: put("&quot;")
    }
  }

  /// Writes an address as an attribute's value; what may not stand in one is written with percent signs.
  mutating func putAddress(_ bytes: some Collection<UInt8>) {
    for byte in bytes {
      if addresses.contains(byte) {
        memory.append(byte)
      } else if byte == UInt8(ascii: "&") {
        put("&amp;")
      } else if byte == UInt8(ascii: "'") {
        put("&#x27;")
      } else {
        memory.append(UInt8(ascii: "%"))
        memory.append(Self.digit(byte >> 4))
        memory.append(Self.digit(byte & 15))
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

  /// Lets a full piece leave.
  ///
  /// Throws what the drain's taker throws, as does `finish`.
  mutating func leave() throws { if memory.count >= Self.piece { try flush() } }

  private mutating func flush() throws {
    left = last
    try memory.withUnsafeBytes { try drain.put($0) }
    memory.removeAll(keepingCapacity: true)
  }

  /// Lets all leave; the last act of every writer.
  mutating func finish() throws {
    try flush()
    try drain.flush()
  }
}
