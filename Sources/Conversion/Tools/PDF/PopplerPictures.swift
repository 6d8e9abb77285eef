import Formats
import Pictures

/// Draws the pages of PDF documents, by pdftoppm of Poppler.
struct PopplerPictures: Tool {
  let program = Poppler.pictures
  let companions = [Poppler.facts, QPDFOrder.program]
  let lane = Lane.office
  var name: String { program.name }

  /// When nobody asks for another.
  private static let dpi = 150
  /// The sides of a JPEG are numbers of 16 bits; this is where its library ends.
  private static let longestOfJPEG = 65_500

  private static let everywhere: [ConversionOption] = [.dpi, .pages, .password, .grayscale]
  private static let ofJPEG = everywhere + [.quality, .progressive]
  private static let sides: [ConversionOption] = [.width, .height]

  /// Those without sides stand first: with what only a picture understands, sides are a matter of that picture.
  var offers: [Offer] {
    [
      Offer(from: [.pdf], to: [.png, .tiff], options: PopplerPictures.everywhere, cost: QPDF.cost),
      Offer(from: [.pdf], to: [.jpeg], options: PopplerPictures.ofJPEG, cost: QPDF.cost),
      Offer(
        from: [.pdf], to: [.png, .tiff], options: PopplerPictures.everywhere + PopplerPictures.sides, cost: QPDF.cost),
      Offer(from: [.pdf], to: [.jpeg], options: PopplerPictures.ofJPEG + PopplerPictures.sides, cost: QPDF.cost),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    switch try PDFOpening(task: task).state(after: ends) {
    case .needs(let call): return call
    case .open(let document):
      let runs = try PopplerPictures.runs(of: document, task)
      let next = ends.count - document.calls
      if next > 0, let last = ends.last { try Poppler.check(last) }
      guard next < runs.count else { return nil }
      let run = runs[next]
      return ToolCall(
        arguments: PopplerPictures.form(task) + run.scale
          + [
            "-scale-dimension-before-rotation", "-forcenum", "-progress", "-cropbox", "-f",
            "\(document.first + run.pages.lowerBound)", "-l",
            "\(document.first + run.pages.upperBound)", document.name, "page",
          ],
        needs: .fonts, progressMark: "")
    }
  }

  /// Each line is the number of a page, that of the last one and a name.
  func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int? {
    let words = line.split(separator: " ")
    guard words.count == 3, let page = ToldNumber.read(words[0]), let last = ToldNumber.read(words[1]), last > 0
    else { return nil }
    return min(page, last) * 99 / last
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard case .open(let document) = try PDFOpening(task: task).state(after: ends) else { return [] }
    let ending = task.conversion.to == .jpeg ? "jpg" : task.conversion.to == .tiff ? "tif" : "png"
    var results: [ToolResult] = []
    for index in document.numbers.indices {
      let number = String(document.first + index)
      // As many digits as its document's length has, which is another one where pages were chosen.
      let names = [document.facts.count, document.numbers.count].map { count in
        "page-\(String(repeating: "0", count: max(0, String(count).count - number.count)))\(number).\(ending)"
      }
      guard let name = names.first(where: { task.folder.size(of: $0) ?? 0 > 0 }) else {
        throw ConversionFailure(.damagedFile, "page \(document.numbers[index]) cannot be drawn")
      }
      results.append(ToolResult(name, label: document.label(index)))
    }
    return results
  }

  private static func form(_ task: ToolTask) -> [String] {
    let grey = task.options.flag(.grayscale) ? ["-gray"] : []
    switch task.conversion.to {
    case .jpeg:
      let quality = task.options.whole(.quality) ?? 85
      let progressive = task.options.flag(.progressive) ? "y" : "n"
      return ["-jpeg", "-jpegopt", "quality=\(quality),progressive=\(progressive)"] + grey
    case .tiff: return ["-tiff", "-tiffcompression", "deflate"] + grey
    default: return ["-png"] + grey
    }
  }

  /// Pages that follow each other and are scaled alike, by their places among those that are asked for.
  private struct Run {
    var pages: ClosedRange<Int>
    let scale: [String]
  }

  /// Throws when a page would have more pixels than a picture may have.
  private static func runs(of document: PDFOpening.Document, _ task: ToolTask) throws(ConversionFailure) -> [Run] {
    var runs: [Run] = []
    for index in document.numbers.indices {
      let page = try document.page(index)
      let (scale, width, height) = scale(of: page, task.options)
      guard page.width > 0, page.height > 0 else {
        throw ConversionFailure(.damagedFile, "page \(page.number) has no size")
      }
      let isFit = width * height <= Double(task.maxPixels)
      guard isFit, task.conversion.to != .jpeg || max(width, height) <= Double(longestOfJPEG) else {
        let sides = [width, height].map { $0.isFinite && $0 < 1e9 ? "\(Int($0.rounded()))" : "endless" }
        throw ConversionFailure(
          .tooManyPixels,
          "page \(page.number) would have \(sides[0]) x \(sides[1]) pixels, and a picture may have "
            + "\(task.maxPixels) in all: ask for less dpi, width or height")
      }
      if let last = runs.indices.last, runs[last].scale == scale {
        runs[last].pages = runs[last].pages.lowerBound...index
      } else {
        runs.append(Run(pages: index...index, scale: scale))
      }
    }
    return runs
  }

  /// How a page is asked for, and the sides of its picture.
  private static func scale(
    of page: DocumentFacts.Page, _ options: ConversionOptions
  ) -> (scale: [String], width: Double, height: Double) {
    let (width, height) = (options.whole(.width).map(Double.init), options.whole(.height).map(Double.init))
    guard width != nil || height != nil else {
      let dpi = options.whole(.dpi) ?? PopplerPictures.dpi
      let factor = Double(dpi) / 72
      return (["-r", "\(dpi)"], (page.width * factor).rounded(.up), (page.height * factor).rounded(.up))
    }
    let factor = min(width.map { $0 / page.width } ?? .infinity, height.map { $0 / page.height } ?? .infinity)
    let sides = (max(1, (page.width * factor).rounded()), max(1, (page.height * factor).rounded()))
    let isWide = width.map { factor == $0 / page.width } ?? false
    let scale =
      isWide
      ? ["-scale-to-x", "\(Int(width ?? 1))", "-scale-to-y", "-1"]
      : ["-scale-to-x", "-1", "-scale-to-y", "\(Int(height ?? 1))"]
    return (scale, sides.0, sides.1)
  }
}
