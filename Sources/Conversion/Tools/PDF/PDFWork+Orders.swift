import Basics
import Formats
import Pictures

/// What qpdf is asked for at each station.
extension PDFWork {
  /// Puts the documents together, with everything that changes their pages; `isWhole` when nothing comes after it.
  func assemble(_ order: inout QPDFOrder, isWhole: Bool) throws(ConversionFailure) {
    let password = options.secret(.password)
    if options.flag(.merge) {
      order.set("empty")
      let ranges = try mergeRanges()
      order.set(
        "pages",
        .array(
          zip(task.sources, ranges).map { source, range in
            .object(
              [("file", .string(source)), ("range", .string(range))]
                + (password.map { [("password", .string($0))] } ?? []))
          }))
    } else {
      order.open(task.sources.first ?? "", password: password)
      if let pages = options.word(.pages) {
        order.set("pages", .array([.object([("file", .string(".")), ("range", .string(pages))])]))
      }
    }
    if let turn = options.word(.rotate), turn != "0" {
      order.set("rotate", "+\(turn)" + (options.word(.rotatePages).map { ":\($0)" } ?? ""))
    }
    if options.flag(.flatten) {
      order.set("generateAppearances")
      order.set("flattenAnnotations", "all")
    }
    if options.flag(.optimizeImages) { order.set("optimizeImages") }
    if let overlay = task.overlay {
      var members = [("file", JSONValue.string(overlay)), ("repeat", .string("1-z"))]
      if let pages = options.word(.stampPages) { members.append(("to", .string(pages))) }
      order.set(options.flag(.stampBelow) ? "underlay" : "overlay", .object(members))
    }
  }

  /// The pages of each file that is merged.
  private func mergeRanges() throws(ConversionFailure) -> [String] {
    guard let text = options.word(.mergePages) else { return task.sources.map { _ in "1-z" } }
    let ranges = text.split(separator: ";").map(String.init)
    guard ranges.count == task.sources.count else {
      throw ConversionFailure(
        .unsupportedConversion,
        "merge_pages tells the pages of \(ranges.count) files, and \(task.sources.count) are merged")
    }
    return ranges
  }

  /// Lays the stamps over the document that is looked at; gives the files that it takes.
  func stamp(_ order: inout QPDFOrder) throws(ConversionFailure) -> [String: [UInt8]] {
    guard let facts = DocumentFacts(task.folder, Poppler.told) else {
      throw ConversionFailure(.damagedFile, "the document is damaged: it has no pages that can be found")
    }
    guard facts.count <= DocumentFacts.mostPages, facts.pages.count == facts.count else {
      throw ConversionFailure(
        facts.count > DocumentFacts.mostPages ? .unsupportedConversion : .damagedFile,
        facts.count > DocumentFacts.mostPages
          ? "the document has \(facts.count) pages, and at most \(DocumentFacts.mostPages) can be stamped"
          : "the sizes of the document's pages cannot be read")
    }
    var stamped: Set<Int> = []
    if options.word(.stampText) != nil {
      stamped = Set(
        try options.word(.stampPages).map { (text) throws(ConversionFailure) in
          try PageRanges(text).numbers(of: facts.count)
        } ?? facts.pages.map(\.number))
    }
    let numbered = options.flag(.pageNumbers) ? Set(facts.pages.map(\.number)) : []
    // Numbers are to be read whatever a page shows; a stamp may lie below.
    let layers: [(key: String, stamped: Set<Int>, numbered: Set<Int>)] =
      options.flag(.stampBelow)
      ? [("underlay", stamped, []), ("overlay", [], numbered)] : [("overlay", stamped, numbered)]
    var files: [String: [UInt8]] = [:]
    for layer in layers {
      let pages = facts.pages.filter { layer.stamped.contains($0.number) || layer.numbered.contains($0.number) }
      guard !pages.isEmpty else { continue }
      let name = "\(layer.key).pdf"
      let range = pages.count == facts.count ? "1-z" : pages.map { "\($0.number)" }.joined(separator: ",")
      files[name] = StampSheets(options, pages: facts.count).document(
        pages, stamped: layer.stamped, numbered: layer.numbered)
      order.set(layer.key, .object([("file", .string(name)), ("to", .string(range))]))
    }
    return files
  }

  /// A document that has been rewritten has the protection that it came with, unless another is asked for or none.
  func keepProtection(_ order: inout QPDFOrder) {
    guard !options.flag(.merge), !options.flag(.decrypt), options.secret(.userPassword) == nil,
      options.secret(.ownerPassword) == nil, options.word(.archival) == "none"
    else { return }
    order.set("copyEncryption", task.sources.first ?? "")
    if let password = options.secret(.password) { order.set("encryptionFilePassword", password) }
  }

  /// Writes what was asked for, in one file or several.
  func finish(_ order: inout QPDFOrder) {
    if options.flag(.linearize) { order.set("linearize") }
    if options.flag(.compact) {
      order.set("recompressFlate")
      order.set("compressionLevel", "9")
      // These are younger than the oldest versions, and than the first part of PDF/A.
      let isOld = options.word(.documentVersion).map { $0 < "1.5" } ?? false
      if !isOld, options.word(.archival) != "1b" { order.set("objectStreams", "generate") }
    }
    protect(&order)
    if options.flag(.split) { order.set("splitPages", "\(options.whole(.splitPages) ?? 1)") }
    order.set("outputFile", options.flag(.split) ? "out-%d.pdf" : "out.pdf")
  }

  /// What has no protection of its own asked for keeps what the document came with.
  private func protect(_ order: inout QPDFOrder) {
    let (user, owner) = (options.secret(.userPassword), options.secret(.ownerPassword))
    guard let strongest = owner ?? user else {
      if options.flag(.decrypt) { order.set("decrypt") }
      return
    }
    var rights: [(name: String, value: JSONValue)] = []
    if let print = options.word(.permitPrint), print != "full" { rights.append(("print", .string(print))) }
    if let modify = options.word(.permitModify), modify != "all" { rights.append(("modify", .string(modify))) }
    if !options.flag(.permitCopy) { rights.append(("extract", .string("n"))) }
    if !options.flag(.permitAnnotate) { rights.append(("annotate", .string("n"))) }
    order.set(
      "encrypt",
      .object([
        ("userPassword", .string(user ?? "")), ("ownerPassword", .string(strongest)), ("256bit", .object(rights)),
      ]))
  }
}
