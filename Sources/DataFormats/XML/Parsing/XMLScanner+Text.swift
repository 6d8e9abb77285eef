extension XMLScanner {
  /// Reads text up to the next markup into `text` (productions [14] and [67]).
  mutating func scanText() throws {
    text.removeAll(keepingCapacity: true)
    // A "]]>" counts only where none of it came by reference.
    var literal = 0
    while true {
      let (memory, start, end) = (input.memory, input.at, input.end)
      var at = start
      while at < end {
        let byte = memory[at]
        if byte == 0x3C || byte == 0x26 || byte == 0x3E { break }
        at += 1
      }
      try append(at - start)
      switch try input.peek() {
      case 0x26:
        let reference = try scanReference()
        reference.append(to: &text)
        literal = text.count
      case 0x3E:
        if text.count - literal >= 2, endsWith(0x5D, 0x5D) {
          throw input.fault("']]>' may not stand in text; write ]]&gt;")
        }
        try append(1)
      case 0x3C, nil: return
      default: continue
      }
    }
  }

  /// Moves bytes of the window into `text`.
  private mutating func append(_ count: Int) throws {
    text.append(contentsOf: UnsafeBufferPointer(start: input.memory + input.at, count: count))
    input.at += count
    guard text.count <= limits.bytes else {
      throw input.fault(.tooLarge, "a text has more than \(limits.bytes) bytes")
    }
  }

  /// True where `text` ends with these bytes.
  private func endsWith(_ first: UInt8, _ second: UInt8, before count: Int = 0) -> Bool {
    let end = text.count - count
    return end >= 2 && text[end - 1] == second && text[end - 2] == first
  }

  /// Reads a CDATA section behind its `<!` (production [18]).
  mutating func scanSection() throws {
    try require("[CDATA[", "behind '<!'")
    text.removeAll(keepingCapacity: true)
    while true {
      try appendUpTo(0x3E, "CDATA section")
      try append(1)
      if endsWith(0x5D, 0x5D, before: 1) { break }
    }
    text.removeLast(3)
  }

  /// Reads a comment behind its `<!` (production [15]).
  mutating func scanComment() throws {
    try require("--", "behind '<!'")
    text.removeAll(keepingCapacity: true)
    while true {
      try appendUpTo(0x2D, "comment")
      try append(1)
      guard try input.peek() == 0x2D else { continue }
      input.at += 1
      try require(0x3E, "behind '--', which may not stand in a comment")
      text.removeLast()
      return
    }
  }

  /// Reads a processing instruction behind its `<?` (productions [16] and [17]).
  mutating func scanInstruction() throws {
    let place = input.place(of: input.at)
    name = try scanName("behind '<?'")
    if names.texts[name].utf8.count == 3, names.texts[name].lowercased() == "xml" {
      let problem = "an instruction may not be called \(names.texts[name]); a declaration stands only at the very start"
      throw DataFault(.malformed, problem, at: place)
    }
    text.removeAll(keepingCapacity: true)
    if try take("?>") { return }
    try requireBlank("behind the instruction's name", name)
    while true {
      try appendUpTo(0x3E, "instruction")
      try append(1)
      if endsWith(0x3F, 0x3E) { break }
    }
    text.removeLast(2)
  }

  /// Moves what stands before the next `stop` into `text`.
  private mutating func appendUpTo(_ stop: UInt8, _ kind: String) throws {
    while true {
      let (memory, start, end) = (input.memory, input.at, input.end)
      var at = start
      while at < end, memory[at] != stop { at += 1 }
      try append(at - start)
      if at < end { return }
      guard try input.peek() != nil else { throw input.fault("the document ends within a \(kind)") }
    }
  }
}
