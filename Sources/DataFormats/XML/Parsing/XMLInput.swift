/// A document as checked UTF-8 in a window that moves: only characters of XML, line ends made `\n` (XML 1.0, 2.2 and
/// 2.11).
///
/// The first byte that is at fault ends the window; the fault is thrown when all before it has been used up.
struct XMLInput: ~Copyable {
  static let capacity = 1 << 17

  let feed: ByteFeed
  let memory: UnsafeMutablePointer<UInt8>
  /// For every byte, whether a name may hold it.
  let nameBytes: UnsafeMutablePointer<Bool>
  /// Where the first unused byte stands in `memory`, and the end of what has been decoded.
  var at = 0
  var end = 0
  var encoding = XMLEncoding.utf8
  var afterReturn = false
  var problem: DataFault?
  private var isOpen = false
  private var isFinished = false
  /// The place of `memory[0]`.
  private var line = 1
  private var column = 1

  init(_ feed: ByteFeed) {
    self.feed = feed
    memory = .allocate(capacity: Self.capacity)
    nameBytes = .allocate(capacity: 256)
    for byte in 0...255 { nameBytes[byte] = XMLCharacters.isNameByte(UInt8(byte)) }
  }

  deinit {
    memory.deallocate()
    nameBytes.deallocate()
  }

  /// The next byte, or nil at the end of the document.
  @inline(__always)
  mutating func peek() throws -> UInt8? {
    if at < end { return memory[at] }
    return try fill() ? memory[at] : nil
  }

  /// Has `count` bytes in the window if the document has them, so that what is short lies in one piece.
  @inline(__always)
  mutating func want(_ count: Int) throws {
    if end - at >= count { return }
    while end - at < count, problem == nil, try fill() {}
  }

  /// Decodes more behind what is unused, which moves to the front; false at the end of the document.
  mutating func fill() throws -> Bool {
    if !isOpen {
      isOpen = true
      try open()
    }
    if isFinished, problem == nil { return false }
    makeRoom()
    let before = end
    while end == before {
      if let problem { throw DataFault(problem.kind, problem.problem, at: place(of: end)) }
      if isFinished { return false }
      if feed.unread.isEmpty || !decode() {
        guard try !feed.fetch() else { continue }
        isFinished = true
        if !feed.unread.isEmpty { problem = DataFault(.malformed, "the document ends within a character") }
      }
    }
    return true
  }

  private mutating func makeRoom() {
    guard at > 0 else { return }
    (line, column) = place(of: at)
    memory.update(from: memory + at, count: end - at)
    end -= at
    at = 0
  }

  /// Line and column of a byte in the window; columns count characters.
  func place(of index: Int) -> (line: Int, column: Int) {
    var lines = 0
    for byte in 0..<index { lines &+= memory[byte] == 0x0A ? 1 : 0 }
    var start = index
    while start > 0, memory[start - 1] != 0x0A { start -= 1 }
    var characters = 0
    for byte in start..<index { characters &+= memory[byte] & 0xC0 != 0x80 ? 1 : 0 }
    return (line + lines, (lines == 0 ? column : 1) + characters)
  }

  /// A fault at the next byte.
  func fault(_ problem: String) -> DataFault { fault(.malformed, problem) }

  func fault(_ kind: DataFault.Kind, _ problem: String) -> DataFault {
    DataFault(kind, problem, at: place(of: at))
  }
}

extension DataFault {
  init(_ kind: Kind, _ problem: String, at place: (line: Int, column: Int)) {
    self.init(kind, problem, line: place.line, column: place.column)
  }
}
