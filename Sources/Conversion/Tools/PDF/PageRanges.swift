import Basics
import Formats

/// Which pages of a document are meant: numbers and ranges with commas between, as qpdf writes them.
struct PageRanges {
  static let valid = "page numbers and ranges such as 1,3-5,r2-z, where z is the last page and r2 the one before it"
  private static let longest = 1000
  /// A text may name a page again and again.
  static let most = 100_000

  private let text: String

  init(_ text: String) { self.text = text }

  static func isOne(_ text: String) -> Bool {
    text.utf8.count <= longest
      && PosixPattern.isMatched(
        "(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?(,(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?)*", by: text)
  }

  /// The numbers of the pages, of a document that has `count`.
  func numbers(of count: Int) throws(ConversionFailure) -> [Int] {
    var numbers: [Int] = []
    for range in text.split(separator: ",") {
      var ends: [Int] = []
      for end in range.split(separator: "-") { ends.append(try number(end, of: count)) }
      guard let first = ends.first, let last = ends.last else { continue }
      guard numbers.count + abs(last - first) < PageRanges.most else {
        throw ConversionFailure(.unsupportedConversion, "more than \(PageRanges.most) pages are asked for")
      }
      numbers += first <= last ? Array(first...last) : (last...first).reversed()
    }
    return numbers
  }

  private func number(_ text: Substring, of count: Int) throws(ConversionFailure) -> Int {
    let number: Int? =
      text == "z" ? count : text.hasPrefix("r") ? Int(text.dropFirst()).map { count + 1 - $0 } : Int(text)
    guard let number, (1...max(1, count)).contains(number), count > 0 else {
      let pages = count == 1 ? "1 page" : "\(count) pages"
      throw ConversionFailure(.unsupportedConversion, "the document has \(pages), so there is no page \(text)")
    }
    return number
  }
}
