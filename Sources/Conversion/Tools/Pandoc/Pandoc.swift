import Basics
import Formats

/// Makes one marked-up text of another, and of and into documents that are read by their structure, by pandoc.
struct Pandoc: Tool {
  let program = Program("pandoc", package: "pandoc")
  let lane = Lane.office
  var name: String { program.name }

  /// How pandoc calls what it reads, and what that costs: of an office document it keeps the structure and not the looks,
  /// so that no way to one that shows them is cheaper over pandoc.
  private static let readers: [(format: Format, name: String, cost: Int)] = [
    (.md, "gfm", usualCost), (.html, "html", usualCost), (.rst, "rst", usualCost), (.epub, "epub", usualCost),
    (.docx, "docx", officeCost), (.odt, "odt", officeCost),
  ]
  private static let writers: [(format: Format, name: String)] = [
    (.md, "gfm"), (.html, "html5"), (.rst, "rst"), (.txt, "plain"), (.docx, "docx"), (.odt, "odt"), (.epub, "epub3"),
    (.pptx, "pptx"),
  ]
  private static let usualCost = 12
  private static let officeCost = 40
  /// More than it takes another program to keep the looks as well, and less than the way over a text.
  private static let lossyCost = 41
  /// What has pictures within itself.
  private static let packages: [Format] = [.docx, .odt, .epub]
  private static let texts: [Format] = [.md, .rst, .txt]

  private static let contents = ConversionOption(
    "toc", .flag, .flag(false), "puts a table of contents before the text")
  private static let numberSections = ConversionOption(
    "number_sections", .flag, .flag(false), "numbers the headings of a text")
  static let embedImages = ConversionOption(
    "embed_images", .flag, .flag(false),
    "keeps the pictures of a document in the text that it becomes, as data: addresses; else their descriptions alone")

  var offers: [Offer] {
    Pandoc.readers.flatMap { source in
      Pandoc.writers.filter { Pandoc.makes($0.format, of: source.format) }.map { target in
        let isLossy = Pandoc.packages.contains(target.format) && source.cost == Pandoc.officeCost
        return Offer(
          from: [source.format], to: [target.format], options: Pandoc.options(from: source.format, to: target.format),
          // Slides of what has been made of another document would hold little of it.
          standsAlone: target.format == .pptx, cost: isLossy ? Pandoc.lossyCost : source.cost)
      }
    }
  }

  private static func makes(_ target: Format, of source: Format) -> Bool {
    // Slides are made of what has headings and lists and little else.
    target != source && (target != .pptx || !packages.contains(source))
  }

  private static func options(from source: Format, to target: Format) -> [ConversionOption] {
    var options: [ConversionOption] = target == .pptx ? [] : [contents]
    if [.html, .epub, .docx, .odt].contains(target) { options.append(numberSections) }
    if packages.contains(source), [.md, .rst].contains(target) { options.append(embedImages) }
    return options
  }

  /// How it ends when a picture is not where it is said to be.
  private static let missingResource: Int32 = 61
  private static let heapExhausted: Int32 = 251

  /// Pictures go into a page at once, and into a text over one.
  ///
  /// Where one cannot be had, for it lies elsewhere, the rest is made without any.
  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    let (from, to) = (task.conversion.from ?? .md, task.conversion.to)
    let hasPictures = Pandoc.packages.contains(from)
    let embeds = hasPictures && (to == .html || task.options.flag(Pandoc.embedImages))
    switch (ends.count, ends.last?.code) {
    case (0, _) where embeds && to == .html: return call(task, .embedding)
    case (0, _) where embeds: return call(task, .page)
    case (0, _): return call(task, hasPictures && Pandoc.texts.contains(to) ? .describing : .plain)
    case (1, Pandoc.missingResource) where embeds: return call(task, .describing)
    case (1, 0) where embeds && to != .html: return call(task, .ofPage)
    default: return nil
    }
  }

  private enum Way {
    case plain, embedding, describing
    /// A page on the way to a text, and the text of it.
    case page, ofPage
  }

  private static let page = "page.html"

  private func call(_ task: ToolTask, _ way: Way) -> ToolCall {
    let (from, to) = (task.conversion.from ?? .md, task.conversion.to)
    let reader = way == .ofPage ? "html" : Pandoc.readers.first { $0.format == from }?.name ?? "gfm"
    let writer = way == .page ? "html5" : Pandoc.writers.first { $0.format == to }?.name ?? "plain"
    let target = way == .page ? Pandoc.page : Pandoc.target(to)
    var arguments = ["+RTS", "-M1g", "-RTS", "--quiet", "--from=\(reader)", "--to=\(writer)", "--wrap=none"]
    arguments += ["--lua-filter=\(PandocFilter.title.name)"]
    if way == .describing { arguments.append("--lua-filter=\(PandocFilter.pictures.name)") }
    if way == .embedding || way == .page { arguments.append("--self-contained") }
    if way != .page {
      if to != .txt || task.options.flag(Pandoc.contents) { arguments.append("--standalone") }
      if task.options.flag(Pandoc.contents) { arguments.append("--toc") }
      if task.options.flag(Pandoc.numberSections) { arguments.append("--number-sections") }
    }
    arguments += ["--output=\(target)", way == .ofPage ? Pandoc.page : task.sources.first ?? ""]
    // What is under way a second time finds the filters there.
    let isFirst = !((try? task.folder.names().contains(PandocFilter.title.name)) ?? false)
    return ToolCall(
      arguments: arguments, environment: ["XDG_DATA_HOME": "."], needs: [.folders, .random],
      files: isFirst ? PandocFilter.files : [:],
      memoryBytes: nil, scratchBytes: 64 << 20)
  }

  /// A compound file in the place of an archive is one that has been encrypted ([MS-OFFCRYPTO] 2.3).
  private func isLocked(_ task: ToolTask) -> Bool {
    task.conversion.from == .docx
      && task.sources.first.flatMap { task.folder.bytes(of: $0, atMost: 4) } == [0xD0, 0xCF, 0x11, 0xE0]
  }

  private static func target(_ format: Format) -> String { "out.\(format.fileExtension)" }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    switch ends.last?.code {
    case 0:
      let target = Pandoc.target(task.conversion.to)
      guard task.folder.bytes(of: target, atMost: 1) == [] else { return [ToolResult(target)] }
      throw .nothingMade
    case Pandoc.heapExhausted: throw .outOfMemory
    case 1 where ends.last?.words.contains("openBinaryFile") ?? false:
      throw ConversionFailure(.unsupportedConversion, "the text includes another file, which is not with it")
    case _ where isLocked(task): throw .locked
    default:
      throw ConversionFailure(.damagedFile, "the document is damaged, or not one that pandoc reads")
    }
  }
}
