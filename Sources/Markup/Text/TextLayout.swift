import DataFormats

/// Lays blocks of text out in lines: what stands before each line inside of lists and quotes, and blank lines between.
struct TextLayout {
  /// What stands before the first and before the other lines of a block.
  private struct Prefix {
    let first: String
    let rest: String
    var isUsed = false
  }

  /// How many prefixes are written; deeper blocks have none of their own, or a short line would make a long one.
  private static let mostPrefixes = 40

  private var output: MarkupOutput
  private var prefixes: [Prefix] = []
  private var isEmpty = true
  /// How many line ends are due before anything else is written.
  private var due = 0
  private var isAtLineStart = true

  init(_ drain: ByteDrain) { output = MarkupOutput(drain) }

  /// Whether what comes next is the first after a prefix.
  var isAtPrefix: Bool { prefixes.last?.isUsed == false }

  /// What comes next begins a line of its own.
  mutating func line() { if !isAtLineStart || due > 0 { due = max(due, 1) } }

  /// What comes next is set off by a blank line, unless it is the first after a prefix.
  mutating func block() { if !isEmpty, !isAtPrefix { due = 2 } }

  /// Two blocks that `block()` would set off stand in lines that follow each other.
  mutating func tighten() { if !isAtPrefix { due = min(due, 1) } }

  /// From here on each line has something before it; `first` is written even where no line follows.
  mutating func push(first: String, rest: String) {
    let isShown = prefixes.count < Self.mostPrefixes
    prefixes.append(Prefix(first: isShown ? first : "", rest: isShown ? rest : ""))
  }

  mutating func pop() {
    if isAtPrefix { begin() }
    prefixes.removeLast()
  }

  /// Writes text; a line feed in it ends a line.
  mutating func put(_ text: some Sequence<UInt8>) {
    for byte in text {
      if byte == 0x0A {
        due += 1
      } else {
        if due > 0 || isAtLineStart { begin() }
        output.put(byte)
        isEmpty = false
      }
    }
  }

  mutating func put(_ text: String) { put(text.utf8) }

  private mutating func begin() {
    if !isEmpty {
      for blank in 0..<due {
        if blank > 0 { writePrefixes(isBlank: true) }
        output.put(0x0A)
      }
    }
    due = 0
    writePrefixes(isBlank: false)
    isAtLineStart = false
    isEmpty = false
  }

  private mutating func writePrefixes(isBlank: Bool) {
    var text = ""
    for place in prefixes.indices {
      if prefixes[place].isUsed {
        text += prefixes[place].rest
      } else if isBlank {
        break
      } else {
        text += prefixes[place].first
        prefixes[place].isUsed = true
      }
    }
    var bytes = Array(text.utf8)
    while isBlank, bytes.last == 0x20 { bytes.removeLast() }
    output.put(bytes)
  }

  /// Lets a full piece leave.
  ///
  /// Throws what the drain's taker throws, as does `finish`.
  mutating func leave() throws { try output.leave() }

  mutating func finish() throws {
    if !isEmpty { output.put(0x0A) }
    try output.finish()
  }
}
