/// Counts the items of lists as they come, for a list that goes on after a paragraph.
struct DOCXListCounter {
  private var counts: [String: [Int: Int]] = [:]

  /// The number of the next item at a level.
  mutating func next(_ list: String, _ level: Int, from start: Int) -> Int {
    var levels = counts[list] ?? [:]
    let number = levels[level].map { $0 &+ 1 } ?? start
    levels[level] = number
    for deeper in levels.keys where deeper > level { levels[deeper] = nil }
    counts[list] = levels
    return number
  }
}
