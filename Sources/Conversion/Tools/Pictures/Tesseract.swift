import Basics
import Formats
import Pictures

/// Reads the text of pictures by tesseract: as text, or as a PDF that shows the picture and can be searched.
struct Tesseract: Tool {
  let program = Program("tesseract", package: "tesseract-ocr")
  let lane = Lane.office
  var name: String { program.name }

  /// As the packages of their data are called.
  static let languages = [
    "eng", "ara", "bul", "ces", "chi_sim", "chi_tra", "dan", "deu", "ell", "est", "fin", "fra", "heb", "hin", "hrv",
    "hun", "ind", "ita", "jpn", "kor", "lav", "lit", "nld", "nor", "pol", "por", "ron", "rus", "slk", "slv", "spa",
    "srp", "swe", "tha", "tur", "ukr", "vie",
  ]

  private static let mostTextBytes = 64 << 20
  private static let cost = 30

  var offers: [Offer] {
    let deed = Offer.Deed(.ocr, targets: "text is looked for as txt or pdf", count: "")
    let options = [ConversionOption.language]
    return [
      Offer(from: [.png], to: [.txt], options: options, seeksText: true, cost: Tesseract.cost),
      Offer(from: [.png], to: [.txt, .pdf], options: options, deed: deed, seeksText: true, cost: Tesseract.cost),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    guard ends.isEmpty, let source = task.sources.first else { return nil }
    try PictureLimit.check(png: source, task)
    let languages = (task.options.word(.language) ?? "eng").split(separator: ",").joined(separator: "+")
    return ToolCall(
      // Text that lies on its side is turned first.
      arguments: [source, "out", "--psm", "1", "-l", languages, task.conversion.to.name],
      // Each thread of it waits for the others without end where there are fewer processors.
      environment: ["OMP_THREAD_LIMIT": "1"], memoryBytes: 3 << 29)
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard let end = ends.last else { return [] }
    try Tesseract.checkLanguages(end, task)
    guard end.code == 0 else {
      if end.words.contains("emory") || end.words.contains("bad_alloc") { throw .outOfMemory }
      throw ConversionFailure(.damagedFile, "the picture is damaged, or not one that tesseract reads")
    }
    guard task.conversion.to == .txt else { return [ToolResult("out.pdf")] }
    let bytes = task.folder.bytes(of: "out.txt", atMost: Tesseract.mostTextBytes) ?? []
    // A page ends with a form feed, and one without a word is still an answer.
    let text = bytes.filter { $0 != 0x0C }
    let last = text.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
    return [ToolResult("text", bytes: text[..<last] + [0x0A])]
  }

  /// Throws when one was not here, for then it went on with the others.
  private static func checkLanguages(_ end: ToolEnd, _ task: ToolTask) throws(ConversionFailure) {
    let asked = (task.options.word(.language) ?? "eng").split(separator: ",")
    let missing = asked.filter { end.words.contains("loading language '\($0)'") }
    guard !missing.isEmpty else { return }
    let packages = missing.map { "tesseract-ocr-" + $0.replacing("_", with: "-") }
    throw ConversionFailure(
      .unsupportedConversion,
      "text in \(missing.joined(separator: ", ")) cannot be read here; it takes \(packages.joined(separator: ", ")),"
        + " of Debian")
  }
}
