import Formats

/// Takes the text of PDF documents out: alone by pdftotext, or laid out as an HTML page by pdftohtml of Poppler.
struct PopplerText: Tool {
  let program = Poppler.text
  let companions = [Poppler.page, Poppler.facts, QPDFOrder.program, cleaner]
  let lane = Lane.office
  var name: String { program.name }

  /// Edits in the program's folder, so that nothing is read here that may be as long as a document likes.
  private static let cleaner = Program("sed", package: "sed")
  /// What pdftohtml draws behind the text of a page.
  private static let dpi = 108.0

  var offers: [Offer] {
    [
      Offer(from: [.pdf], to: [.txt], options: [.pages, .password, .layout], needsText: true, cost: QPDF.cost),
      Offer(from: [.pdf], to: [.html], options: [.pages, .password], needsText: true, cost: QPDF.cost),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    let isText = task.conversion.to == .txt
    switch try PDFOpening(task: task, takesAll: isText).state(after: ends) {
    case .needs(let call): return call
    case .open(let document):
      if ends.count > document.calls { try Poppler.check(ends[document.calls]) }
      switch (isText, ends.count - document.calls) {
      case (true, 0):
        let layout = task.options.flag(.layout) ? ["-layout"] : []
        return ToolCall(arguments: ["-enc", "UTF-8"] + layout + document.range + [document.name, "out.txt"])
      case (true, 1):
        return PopplerText.isPlain(task) ? nil : PopplerText.clean("out.txt", [#"s/[\x00-\x08\x0e-\x1f\x7f]//g"#])
      case (false, 0):
        try PopplerText.checkPixels(document, task)
        return ToolCall(
          Poppler.page,
          arguments: ["-q", "-nodrm", "-s", "-noframes", "-dataurls", "-fmt", "png"] + document.range
            + [document.name, "out.html"],
          needs: .fonts)
      case (false, 1): return PopplerText.clean("out.html", PopplerText.links)
      default: return nil
      }
    }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard task.conversion.to == .txt else { return [ToolResult("out.html")] }
    guard let start = task.folder.bytes(of: "out.txt", atMost: 64 << 10),
      start.contains(where: { $0 > 0x20 }) || task.folder.size(of: "out.txt") ?? 0 > start.count
    else {
      throw ConversionFailure(
        .unsupportedConversion, "the document has no text: its pages are pictures, which would have to be read first")
    }
    return [ToolResult("out.txt")]
  }

  /// A link may lead to a page of the web, to mail or within the file; any other could be a script, and is none any more.
  private static let links = [
    ##"s/<a href="out\.html#/<a goes="#/Ig"##, ##"s/<a href="(https?:\/\/|mailto:|#)/<a goes="\1/Ig"##,
    ##"s/<a href="[^"]*"/<a/Ig"##, ##"s/<a goes="/<a href="/g"##,
  ]

  private static func clean(_ file: String, _ edits: [String]) -> ToolCall {
    ToolCall(
      cleaner, arguments: ["-E", "-i"] + edits.flatMap { ["-e", $0] } + [file],
      environment: ["LANG": "C", "LC_ALL": "C"])
  }

  /// False when characters of control stand at its beginning, with which it is no text.
  private static func isPlain(_ task: ToolTask) -> Bool {
    let start = task.folder.bytes(of: "out.txt", atMost: Sniffer.sampleSize) ?? []
    return start.isEmpty || Sniffer.type(of: start).may(be: .txt)
  }

  private static func checkPixels(_ document: PDFOpening.Document, _ task: ToolTask) throws(ConversionFailure) {
    for index in document.numbers.indices {
      let page = try document.page(index)
      guard page.width * page.height * (dpi / 72) * (dpi / 72) <= Double(task.maxPixels) else {
        throw ConversionFailure(.tooManyPixels, "page \(page.number) is larger than a picture may be")
      }
    }
  }
}
