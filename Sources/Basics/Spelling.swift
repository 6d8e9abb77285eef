/// Which word somebody meant who wrote another one.
package enum Spelling {
  /// The longest word that is compared, in bytes.
  private static let longest = 64

  /// The nearest word, the first in the alphabet of several; nil when none is near.
  package static func nearest(_ word: String, among words: some Sequence<String>) -> String? {
    guard word.utf8.count <= longest else { return nil }
    let most = word.count < 4 ? 1 : max(2, word.count / 3)
    guard let near = words.map({ (distance($0, word), $0) }).min(by: { $0 < $1 }),
      near.0 <= most, near.0 < word.drop(while: { $0 == "-" }).count
    else { return nil }
    return near.1
  }

  /// True for words that somebody may have meant by those, one for one; the more there are, the more may be wrong.
  package static func isNear(_ said: some Collection<String>, _ meant: some Collection<String>) -> Bool {
    said.count == meant.count && zip(said, meant).allSatisfy { nearest($0, among: [$1]) != nil }
  }

  /// What follows "is not known": which one was meant, where one is near.
  package static func hint(_ word: String, among words: some Sequence<String>) -> String {
    nearest(word, among: words).map { "; did you mean \($0)?" } ?? ""
  }

  /// The number of edits of one character, or of two neighbours that change places, between two words.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var (before, row) = ([Int](), Array(0...right.count))
    for i in left.indices {
      var next = [i + 1]
      for j in right.indices {
        var least = min(row[j] + (left[i] == right[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[right.count]
  }
}
