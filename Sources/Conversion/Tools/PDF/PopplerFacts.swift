import Basics
import Formats

/// Tells what a PDF document says about itself as JSON, by pdfinfo and pdffonts of Poppler.
struct PopplerFacts: Tool {
  let program = Poppler.facts
  let companions = [Poppler.fonts, QPDFOrder.program]
  let lane = Lane.office
  var name: String { program.name }

  private static let fonts = "fonts"
  private static let mostBytes = 1 << 20
  /// What pdffonts has between the name of a font and its encoding; of two that fit, the longer one is it.
  private static let kinds = [
    "Type 1C (OT)", "Type 1C", "Type 1", "Type 3", "TrueType (OT)", "CID Type 0C (OT)", "CID Type 0C", "CID Type 0",
    "CID TrueType (OT)", "CID TrueType", "TrueType", "unknown",
  ]

  var offers: [Offer] {
    [Offer(from: [.pdf], to: [.json], options: [.password], standsAlone: true, cost: QPDF.cost)]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    switch try PDFOpening(task: task, takesAll: true).state(after: ends) {
    case .needs(let call): return call
    case .open(let document):
      switch ends.count - document.calls {
      case 0: return ToolCall(Poppler.fonts, arguments: [document.name], needs: .fonts, printed: PopplerFacts.fonts)
      case 1 where task.options.secret(.password) != nil:
        return ToolCall(QPDFOrder.program, arguments: ["--is-encrypted", task.sources.first ?? ""])
      default: return nil
      }
    }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard case .open(let document) = try PDFOpening(task: task, takesAll: true).state(after: ends) else { return [] }
    let facts = document.facts
    func text(_ name: String) -> JSONValue {
      facts.text(name).flatMap { $0.isEmpty ? nil : JSONValue.string($0) } ?? .null
    }
    func flag(_ name: String) -> JSONValue { .boolean(facts.text(name)?.hasPrefix("yes") ?? false) }
    let first = facts.pages.first
    let isOpened = task.options.secret(.password) != nil && ends.last?.code == 0
    let members: [(name: String, value: JSONValue)] = [
      ("format", .string(Format.pdf.name)), ("version", text("PDF version")), ("pages", .integer(Int64(facts.count))),
      ("width_points", first.map { .number($0.width) } ?? .null),
      ("height_points", first.map { .number($0.height) } ?? .null),
      ("encrypted", isOpened ? .boolean(true) : flag("Encrypted")), ("permissions", PopplerFacts.permissions(facts)),
      ("title", text("Title")), ("author", text("Author")), ("subject", text("Subject")),
      ("keywords", text("Keywords")),
      ("creator", text("Creator")), ("producer", text("Producer")), ("created", text("CreationDate")),
      ("modified", text("ModDate")), ("tagged", flag("Tagged")), ("form", text("Form")),
      ("javascript", flag("JavaScript")), ("linearized", flag("Optimized")), ("sizes", PopplerFacts.sizes(facts)),
      ("fonts", PopplerFacts.fonts(task.folder)),
    ]
    return [ToolResult("out.json", bytes: Array((JSONValue.object(members).text + "\n").utf8))]
  }

  /// Of "yes (print:yes copy:no change:no addNotes:no algorithm:AES-256)".
  private static func permissions(_ facts: DocumentFacts) -> JSONValue {
    let names = [("print", "print"), ("copy", "copy"), ("change", "modify"), ("addNotes", "annotate")]
    guard let text = facts.text("Encrypted"), text.hasPrefix("yes") else { return .null }
    let words = text.split { " ()".contains($0) }
    return .object(names.map { (name: $1, value: .boolean(words.contains("\($0):yes"[...]))) })
  }

  /// Pages of one size that follow each other.
  private static func sizes(_ facts: DocumentFacts) -> JSONValue {
    var runs: [(first: Int, page: DocumentFacts.Page)] = []
    for page in facts.pages {
      if let last = runs.last, last.page.width == page.width, last.page.height == page.height {
        runs[runs.count - 1].page = page
      } else {
        runs.append((page.number, page))
      }
    }
    return .array(
      runs.map { run in
        let range = run.first == run.page.number ? "\(run.first)" : "\(run.first)-\(run.page.number)"
        return .object([
          ("pages", .string(range)), ("width_points", .number(run.page.width)),
          ("height_points", .number(run.page.height)),
        ])
      })
  }

  /// Lines of columns below a line of dashes, of which the first may be longer than its column.
  private static func fonts(_ folder: any ToolFolder) -> JSONValue {
    let text = String(decoding: folder.bytes(of: fonts, atMost: mostBytes) ?? [], as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    guard let rule = lines.firstIndex(where: { $0.hasPrefix("---") }) else { return .array([]) }
    return .array(
      lines[(rule + 1)...].compactMap { line -> JSONValue? in
        let words = line.split(separator: " ")
        guard let embedded = words.lastIndex(where: { $0 == "yes" || $0 == "no" }).map({ $0 - 2 }), embedded > 1 else {
          return nil
        }
        // Before the three flags stands the encoding.
        let start = words[..<(embedded - 1)].joined(separator: " ")
        let kind = kinds.first { start.hasSuffix(" \($0)") } ?? "unknown"
        let name = start.hasSuffix(kind) ? start.dropLast(kind.count + 1) : start[...]
        return .object([
          ("name", name == "[none]" ? .null : .string(String(name))), ("type", .string(kind)),
          ("embedded", .boolean(words[embedded] == "yes")),
        ])
      })
  }
}
