/// Reads the text of an `AddressExpression` and writes its steps.
struct AddressExpressionParser {
  private typealias Step = AddressExpression.Step

  private static let deepest = 20
  private static let mostTimes = 100

  private let text: [UInt8]
  private var place = 0
  private var depth = 0
  private var ignoresCase = false

  init(_ text: [UInt8]) { self.text = text }

  mutating func parse() throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    if text.starts(with: "(?i)".utf8) { (ignoresCase, place) = (true, 4) }
    let steps = try alternatives()
    guard place == text.count else { throw .init(description: "has a ) too many") }
    return steps + [.found]
  }

  /// Steps are written as if they began at 0, and moved when they are put behind others.
  private mutating func alternatives() throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    var steps = try sequence()
    while take("|") {
      let other = try sequence()
      steps =
        [.either(1, steps.count + 2)] + moved(steps, 1) + [.jump(steps.count + other.count + 2)]
        + moved(other, steps.count + 2)
      try check(steps)
    }
    return steps
  }

  private mutating func sequence() throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    var steps: [Step] = []
    while place < text.count, text[place] != UInt8(ascii: "|"), text[place] != UInt8(ascii: ")") {
      let atom = try repeated(try atom())
      steps += moved(atom, steps.count)
      try check(steps)
    }
    return steps
  }

  private mutating func atom() throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    let byte = text[place]
    place += 1
    switch byte {
    case UInt8(ascii: "("): return try group()
    case UInt8(ascii: "["): return [.one(try set())]
    case UInt8(ascii: "."): return [.one(.any)]
    case UInt8(ascii: "^"): return [.begin]
    case UInt8(ascii: "$"): return [.end]
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw .init(description: "has nothing before a \(Character(UnicodeScalar(byte)))")
    case UInt8(ascii: "\\"):
      if take("b") { return [.edge(isOne: true)] }
      if take("B") { return [.edge(isOne: false)] }
      return [.one(try escaped())]
    default: return [.one(letter(byte))]
    }
  }

  private mutating func group() throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    if take("?") {
      guard take(":") else { throw .init(description: "has a group (?…) that is not understood; (?:…) is") }
    }
    depth += 1
    guard depth <= AddressExpressionParser.deepest else {
      throw .init(description: "has too many groups in each other")
    }
    let steps = try alternatives()
    guard take(")") else { throw .init(description: "lacks a )") }
    depth -= 1
    return steps
  }

  private mutating func repeated(
    _ atom: [AddressExpression.Step]
  ) throws(AddressExpression.Failure) -> [AddressExpression.Step] {
    var atom = atom
    while place < text.count {
      guard let (least, most) = try times() else { break }
      // How many are taken first makes no difference to whether there is one.
      if !take("?") { _ = take("+") }
      var steps: [Step] = []
      for _ in 0..<least {
        steps += moved(atom, steps.count)
        try check(steps)
      }
      if let most {
        for _ in least..<max(least, most) {
          steps += [.either(steps.count + 1, steps.count + atom.count + 1)] + moved(atom, steps.count + 1)
          try check(steps)
        }
      } else {
        let start = steps.count
        steps += [.either(start + 1, start + atom.count + 2)] + moved(atom, start + 1) + [.jump(start)]
      }
      try check(steps)
      atom = steps
    }
    return atom
  }

  /// How often the atom before may stand; nil when nothing says.
  private mutating func times() throws(AddressExpression.Failure) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard text[place] == UInt8(ascii: "{") else { return nil }
    let start = place
    place += 1
    let least = number()
    let hasComma = take(",")
    let most = hasComma ? number() : least
    guard take("}"), least != nil || most != nil else {
      // As all others have it, it stands for itself then.
      place = start
      return nil
    }
    guard least ?? 0 <= most ?? .max, max(least ?? 0, most ?? 0) <= AddressExpressionParser.mostTimes else {
      throw .init(description: "repeats something more than \(AddressExpressionParser.mostTimes) times")
    }
    return (least ?? 0, most)
  }

  private mutating func set() throws(AddressExpression.Failure) -> ByteSet {
    let isInverted = take("^")
    var set = ByteSet()
    var isFirst = true
    while true {
      guard place < text.count else { throw .init(description: "lacks a ]") }
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "]"), !isFirst { break }
      isFirst = false
      if byte == UInt8(ascii: "\\") {
        set = set.union(try escaped())
      } else if place + 1 < text.count, text[place] == UInt8(ascii: "-"), text[place + 1] != UInt8(ascii: "]") {
        let last = text[place + 1]
        guard byte <= last, last != UInt8(ascii: "\\") else {
          throw .init(description: "has a range in [ ] that is none")
        }
        place += 2
        set = set.union(ByteSet(byte...last))
      } else {
        set.insert(byte)
      }
    }
    if ignoresCase { set = set.inBothCases }
    return isInverted ? set.inverted : set
  }

  private mutating func escaped() throws(AddressExpression.Failure) -> ByteSet {
    guard place < text.count else { throw .init(description: "ends with a \\") }
    let byte = text[place]
    place += 1
    switch byte {
    case UInt8(ascii: "d"): return .digit
    case UInt8(ascii: "D"): return ByteSet.digit.inverted
    case UInt8(ascii: "w"): return .word
    case UInt8(ascii: "W"): return ByteSet.word.inverted
    case UInt8(ascii: "s"): return .space
    case UInt8(ascii: "S"): return ByteSet.space.inverted
    case _ where ByteSet.word.contains(byte):
      throw .init(description: "has \\\(Character(UnicodeScalar(byte))), which is not understood")
    default: return letter(byte)
    }
  }

  private func letter(_ byte: UInt8) -> ByteSet {
    let set = ByteSet(byte...byte)
    return ignoresCase ? set.inBothCases : set
  }

  private mutating func number() -> Int? {
    let digits = text[place...].prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(4)
    place += digits.count
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func take(_ letter: Unicode.Scalar) -> Bool {
    guard place < text.count, text[place] == UInt8(ascii: letter) else { return false }
    place += 1
    return true
  }

  private func moved(_ steps: [AddressExpression.Step], _ distance: Int) -> [AddressExpression.Step] {
    steps.map { step in
      switch step {
      case .jump(let target): .jump(target + distance)
      case .either(let left, let right): .either(left + distance, right + distance)
      default: step
      }
    }
  }

  private func check(_ steps: [AddressExpression.Step]) throws(AddressExpression.Failure) {
    guard steps.count < AddressExpression.mostSteps else { throw .init(description: "is too long") }
  }
}
