/// A regular expression that is looked for in addresses: what Python, JavaScript and PCRE have in common, without what would
/// need to go back (references to groups, looks around).
///
/// All ways are followed at once (Thompson, 1968), so that time is linear in text and expression, whoever has written it.
package struct AddressExpression: Sendable {
  /// Why a text is none.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  enum Step: Sendable {
    /// One byte of a set.
    case one(ByteSet)
    case jump(Int)
    case either(Int, Int)
    case begin
    case end
    case edge(isOne: Bool)
    case found
  }

  /// Of a whole expression, its repetitions written out.
  static let mostSteps = 400

  private let steps: [Step]

  /// Throws `Failure` with what is not understood.
  package init(_ text: String) throws(Failure) {
    var parser = AddressExpressionParser(Array(text.utf8))
    steps = try parser.parse()
  }

  /// Whether it fits some part of a text.
  package func isFound(in text: [UInt8]) -> Bool {
    var seen = [Int](repeating: -1, count: steps.count)
    var (now, next): ([Int], [Int]) = ([], [])
    for place in 0...text.count {
      if follow(0, at: place, in: text, &seen, &now) { return true }
      guard place < text.count else { break }
      next.removeAll(keepingCapacity: true)
      for number in now {
        guard case .one(let set) = steps[number], set.contains(text[place]) else { continue }
        if follow(number + 1, at: place + 1, in: text, &seen, &next) { return true }
      }
      swap(&now, &next)
    }
    return false
  }

  /// Adds the steps that wait for a byte and are reached from one without any; true when the end is.
  private func follow(_ first: Int, at place: Int, in text: [UInt8], _ seen: inout [Int], _ waiting: inout [Int])
    -> Bool
  {
    var open = [first]
    while let number = open.popLast() {
      guard seen[number] != place else { continue }
      seen[number] = place
      switch steps[number] {
      case .one: waiting.append(number)
      case .jump(let target): open.append(target)
      case .either(let left, let right): open += [right, left]
      case .begin: if place == 0 { open.append(number + 1) }
      case .end: if place == text.count { open.append(number + 1) }
      case .edge(let isOne):
        let before = place > 0 && ByteSet.word.contains(text[place - 1])
        let behind = place < text.count && ByteSet.word.contains(text[place])
        if (before != behind) == isOne { open.append(number + 1) }
      case .found: return true
      }
    }
    return false
  }
}
