/// Rearranges PDF documents without a look at what their pages show, by qpdf.
struct QPDF: Tool {
  let program = Program("qpdf", package: "qpdf")
  var name: String { program.name }

  private static let pages = ConversionOption(
    "pages",
    .text(valid: "page numbers and ranges such as 1,3-5,r2-z, where z is the last page and r2 the one before it") {
      $0.utf8.count <= 1000
        && $0.wholeMatch(
          of: /(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?(,(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?)*/) != nil
    }, nil, "which pages of a PDF to keep, in this order")
  private static let linearize = ConversionOption(
    "linearize", .flag, .flag(false), "lays a PDF out so that its first page shows before the rest has come")
  private static let split = ConversionOption(
    "split", .flag, .flag(false), "makes a PDF of each page, or of each split_pages pages")
  private static let splitPages = ConversionOption(
    "split_pages", .whole(1...10_000), .whole(1), "pages of each PDF that split makes")

  /// What a call by another program takes, compared with code of ours.
  private static let cost = 10

  var offers: [Offer] {
    [
      Offer(
        from: [.pdf], to: [.pdf], options: [.rotate, QPDF.linearize],
        deed: .init(.merge, targets: "several documents become one pdf", count: "several files are merged"),
        gathers: 1...ConversionFiles.mostSources, overlays: [.pdf], cost: QPDF.cost),
      Offer(
        from: [.pdf], to: [.pdf], options: [.rotate, QPDF.linearize, QPDF.pages, QPDF.splitPages],
        deed: .init(QPDF.split, targets: "a document is split into pdf", count: ""), cost: QPDF.cost),
      Offer(
        from: [.pdf], to: [.pdf], options: [.rotate, QPDF.linearize, QPDF.pages], overlays: [.pdf], cost: QPDF.cost),
    ]
  }

  /// All arguments go in a file, for everybody on the machine may see a command line.
  func call(_ conversion: Conversion, sources: [String], overlay: String?) throws(ConversionFailure) -> ToolCall {
    let options = conversion.options
    var lines = ["--deterministic-id", "--no-warn"]
    if options.flag(QPDF.linearize) { lines.append("--linearize") }
    if let turn = options.word(.rotate), turn != "0" { lines.append("--rotate=+\(turn)") }
    if options.flag(.merge) {
      lines += ["--empty", "--pages"] + sources.flatMap { [$0, "1-z"] } + ["--"]
    } else {
      lines += sources.prefix(1)
      if let pages = options.word(QPDF.pages) { lines += ["--pages", ".", pages, "--"] }
    }
    if let overlay { lines += ["--overlay", overlay, "--repeat=1-z", "--"] }
    if options.flag(QPDF.split) {
      lines += ["--split-pages=\(options.whole(QPDF.splitPages) ?? 1)", "out-%d.pdf"]
    } else {
      lines.append("out.pdf")
    }
    return ToolCall(
      arguments: ["@arguments"], files: ["arguments": Array((lines.joined(separator: "\n") + "\n").utf8)])
  }

  func results(
    of conversion: Conversion, _ end: ToolEnd, in names: [String]
  ) throws(ConversionFailure) -> [ToolResult] {
    // 3 is what was mended on the way.
    guard end.code == 0 || end.code == 3 else { throw QPDF.failure(end) }
    let made = names.filter { $0.hasPrefix("out") && $0.hasSuffix(".pdf") }
    guard conversion.options.flag(QPDF.split) else { return made.map { ToolResult($0) } }
    return made.map { ToolResult($0, label: String($0.dropFirst("out-".count).dropLast(".pdf".count))) }
  }

  private static func failure(_ end: ToolEnd) -> ConversionFailure {
    if end.words.contains("invalid password") {
      return ConversionFailure(.damagedFile, "the document is protected by a password")
    }
    if end.words.contains("out of range") || end.words.contains("page range") {
      return ConversionFailure(.unsupportedConversion, "the document does not have the pages that were asked for")
    }
    return ConversionFailure(.damagedFile, "the document is damaged, or not one that qpdf reads")
  }
}
