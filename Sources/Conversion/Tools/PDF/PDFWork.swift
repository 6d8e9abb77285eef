import Basics
import Formats
import Pictures

/// The calls that make PDF of PDF, with everything that is asked for in one go.
///
/// What qpdf does alone is one call. For stamps the document is put together first, looked at, and finished with them laid
/// over it; for Ghostscript it is put together, written anew, once or until it is small enough, and finished.
struct PDFWork {
  private enum Move: Equatable {
    case whole, assemble, look, stamp, finish
    /// The number of the try, and its level.
    case press(Int, level: Int)
  }

  private static let assembled = "whole.pdf"
  private static let stamped = "stamped.pdf"

  let task: ToolTask
  private let press: PDFPress?
  var options: ConversionOptions { task.options }

  init(_ task: ToolTask) throws(ConversionFailure) {
    self.task = task
    press = PDFPress(task.options)
    if let problem = PDFWork.problem(task.options) { throw ConversionFailure(.unsupportedConversion, problem) }
  }

  var stamps: Bool { options.word(.stampText) != nil || options.flag(.pageNumbers) }

  /// What comes before Ghostscript, or is all.
  private var opening: [Move] {
    guard stamps || press != nil else { return [.whole] }
    return [.assemble] + (stamps ? [.look] : []) + (stamps && press != nil ? [.stamp] : [])
  }

  func call(after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try checkLast(ends)
    guard let move = try move(ends.count) else { return nil }
    switch move {
    case .whole:
      var order = QPDFOrder()
      try assemble(&order, isWhole: true)
      finish(&order)
      return order.call(ends.count)
    case .assemble:
      var order = QPDFOrder()
      try assemble(&order, isWhole: false)
      order.set("decrypt")
      order.set("outputFile", PDFWork.assembled)
      return order.call(ends.count)
    case .look: return Poppler.look(at: PDFWork.assembled)
    case .stamp:
      var order = QPDFOrder()
      order.open(PDFWork.assembled, password: nil)
      let sheets = try stamp(&order)
      order.set("outputFile", PDFWork.stamped)
      return order.call(ends.count, files: sheets)
    case .press(let number, let level): return press?.call(level, from: source, to: PDFWork.pressed(number))
    case .finish:
      var order = QPDFOrder()
      order.open(try best(ends.count) ?? source, password: nil)
      let sheets = stamps && press == nil ? try stamp(&order) : [:]
      keepProtection(&order)
      finish(&order)
      return order.call(ends.count, files: sheets)
    }
  }

  func results(_ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try checkLast(ends)
    let made = try task.folder.names().filter { $0.hasPrefix("out") && $0.hasSuffix(".pdf") }
    if let most = options.whole(.targetSize), let size = made.compactMap(task.folder.size).max(), size > most {
      throw PDFWork.tooLarge(most)
    }
    guard options.flag(.split) else { return made.map { ToolResult($0) } }
    return made.map { ToolResult($0, label: String($0.dropFirst("out-".count).dropLast(".pdf".count))) }
  }

  /// What goes into Ghostscript, or is finished where there is none.
  private var source: String { stamps && press != nil ? PDFWork.stamped : PDFWork.assembled }

  private static func pressed(_ number: Int) -> String { "pressed-\(number).pdf" }

  /// The call that comes after `count` others; nil when there is none left.
  private func move(_ count: Int) throws(ConversionFailure) -> Move? {
    if count < opening.count { return opening[count] }
    if opening == [.whole] { return nil }
    guard press != nil else { return count == opening.count ? .finish : nil }
    let (tries, found) = search(count)
    switch found {
    case .next(let level): return .press(tries, level: level)
    case .none: throw PDFWork.tooLarge(options.whole(.targetSize) ?? 0)
    case .best: return count == opening.count + tries ? .finish : nil
    }
  }

  /// How many tries were made before `count` calls, and what has come of them.
  private func search(_ count: Int) -> (tries: Int, found: PDFPress.Search) {
    let before = task.folder.size(of: source) ?? .max
    var sizes: [Int64] = []
    while true {
      let found = press?.search(sizes, before: before) ?? .none
      guard case .next = found, opening.count + sizes.count < count else { return (sizes.count, found) }
      sizes.append(task.folder.size(of: PDFWork.pressed(sizes.count)) ?? .max)
    }
  }

  /// The file of the best try; nil where Ghostscript was not needed.
  private func best(_ count: Int) throws(ConversionFailure) -> String? {
    guard press != nil, case .best(let number?) = search(count).found else { return nil }
    return PDFWork.pressed(number)
  }

  private func checkLast(_ ends: [ToolEnd]) throws(ConversionFailure) {
    guard let end = ends.last, let move = try move(ends.count - 1) else { return }
    switch move {
    case .look: try Poppler.check(end)
    case .press(let number, _):
      try PDFPress.check(end, isMade: task.folder.size(of: PDFWork.pressed(number)) ?? 0 > 0)
    case .whole, .assemble, .stamp, .finish: try QPDFOrder.check(end)
    }
  }

  private static func tooLarge(_ most: Int) -> ConversionFailure {
    ConversionFailure(
      .outputTooLarge, "even with the coarsest pictures the document has more than \(most) bytes; fewer pages help")
  }
}
