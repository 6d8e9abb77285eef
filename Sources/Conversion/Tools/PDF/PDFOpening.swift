import Basics
import Formats

/// What comes before a program of Poppler's: the document without its protection, how many pages it has and how large
/// they are, and a document of those that are asked for where they do not follow each other.
struct PDFOpening {
  /// More pages are not made into files at one time.
  static let mostPages = 500

  enum State {
    case needs(ToolCall)
    case open(Document)
  }

  /// A document with the pages that are asked for.
  struct Document {
    let name: String
    let facts: DocumentFacts
    /// How the pages are numbered in the document that has come.
    let numbers: [Int]
    /// Where the first of them stands in this document; the others follow.
    let first: Int
    /// Calls that were made so far.
    let calls: Int

    var last: Int { first + numbers.count - 1 }
    var range: [String] { ["-f", "\(first)", "-l", "\(last)"] }

    /// The sides of a page that is asked for, by its place among them.
    func page(_ index: Int) throws(ConversionFailure) -> DocumentFacts.Page {
      let number = numbers[index]
      guard number <= facts.pages.count, facts.pages[number - 1].number == number else {
        throw ConversionFailure(
          number > DocumentFacts.mostPages ? .unsupportedConversion : .damagedFile,
          number > DocumentFacts.mostPages
            ? "pages behind page \(DocumentFacts.mostPages) are not converted" : "page \(number) cannot be read")
      }
      return facts.pages[number - 1]
    }

    /// What tells the page from others; nil when it is the only one.
    func label(_ index: Int) -> String? {
      guard numbers.count > 1 else { return nil }
      let digits = String(numbers[index])
      let padded = String(repeating: "0", count: max(0, String(facts.count).count - digits.count)) + digits
      let before = numbers[..<index].count { $0 == numbers[index] }
      return before == 0 ? padded : "\(padded)-\(before + 1)"
    }
  }

  let task: ToolTask
  /// True where pages are not counted, for all of them become one file.
  var takesAll = false

  func state(after ends: [ToolEnd]) throws(ConversionFailure) -> State {
    var name = task.sources.first ?? ""
    var calls = 0
    if let password = task.options.secret(.password) {
      guard calls < ends.count else { return .needs(PDFOpening.unlock(name, password)) }
      try QPDFOrder.check(ends[calls])
      (name, calls) = (PDFOpening.unlocked, calls + 1)
    }
    guard calls < ends.count else { return .needs(Poppler.look(at: name)) }
    try Poppler.check(ends[calls])
    calls += 1
    guard let facts = DocumentFacts(task.folder, Poppler.told), facts.count > 0 else {
      throw ConversionFailure(.damagedFile, "the document is damaged: it has no pages that can be found")
    }
    let numbers = try chosen(facts)
    guard let first = numbers.first, numbers != Array(first..<(first + numbers.count)) else {
      return .open(
        Document(name: name, facts: facts, numbers: numbers, first: numbers.first ?? 1, calls: calls))
    }
    guard calls < ends.count else { return .needs(PDFOpening.choose(numbers, of: name)) }
    try QPDFOrder.check(ends[calls])
    return .open(
      Document(name: PDFOpening.selection, facts: facts, numbers: numbers, first: 1, calls: calls + 1))
  }

  private static let unlocked = "unlocked.pdf"
  private static let selection = "chosen.pdf"

  /// Poppler takes passwords from its command line only, which everybody may see.
  private static func unlock(_ name: String, _ password: String) -> ToolCall {
    var order = QPDFOrder()
    order.open(name, password: password)
    order.set("decrypt")
    order.set("outputFile", unlocked)
    return order.call(1)
  }

  private static func choose(_ numbers: [Int], of name: String) -> ToolCall {
    var order = QPDFOrder()
    order.open(name, password: nil)
    let range = numbers.map(String.init).joined(separator: ",")
    order.set("pages", .array([.object([("file", .string(".")), ("range", .string(range))])]))
    order.set("outputFile", selection)
    return order.call(2)
  }

  private func chosen(_ facts: DocumentFacts) throws(ConversionFailure) -> [Int] {
    let text = task.options.word(.pages)
    let numbers = try text.map { (text) throws(ConversionFailure) in try PageRanges(text).numbers(of: facts.count) }
    let count = numbers?.count ?? facts.count
    guard count <= PDFOpening.mostPages || takesAll && text == nil else {
      throw ConversionFailure(
        .unsupportedConversion,
        "\(text == nil ? "the document has \(count) pages" : "\(count) pages are asked for"), which are too many: "
          + "at most \(PDFOpening.mostPages) are converted at one time, chosen by pages")
    }
    return numbers ?? Array(1...max(1, facts.count))
  }
}
