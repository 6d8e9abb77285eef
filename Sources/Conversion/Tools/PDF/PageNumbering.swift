import Formats

/// How the numbers of pages are written.
struct PageNumbering {
  static let formats: [(name: String, text: @Sendable (_ number: Int, _ last: Int) -> String)] = [
    ("n", { number, _ in "\(number)" }),
    ("n/total", { "\($0)/\($1)" }),
    ("page-n", { number, _ in "Page \(number)" }),
    ("page-n-of-total", { "Page \($0) of \($1)" }),
    ("dashes", { number, _ in "- \(number) -" }),
    ("roman", { number, _ in roman(number) }),
  ]

  private static let digits: [(value: Int, text: String)] = [
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
  ]
  /// Larger ones would be rows of m.
  private static let mostRoman = 3999

  let first: Int
  /// What the last page is called.
  let last: Int
  private let format: String?

  init(_ options: ConversionOptions, pages: Int) {
    first = options.whole(.firstNumber) ?? 1
    last = first + max(0, pages - 1)
    format = options.word(.pageNumberFormat)
  }

  /// The text of a page that is counted from 1.
  func text(of page: Int) -> StampText { StampText(plain: words(of: page)) }

  func words(of page: Int) -> String {
    let write = PageNumbering.formats.first { $0.name == format } ?? PageNumbering.formats[0]
    return write.text(first + page - 1, last)
  }

  private static func roman(_ number: Int) -> String {
    guard (1...mostRoman).contains(number) else { return "\(number)" }
    var (rest, text) = (number, "")
    for digit in digits {
      while rest >= digit.value {
        text += digit.text
        rest -= digit.value
      }
    }
    return text
  }
}
