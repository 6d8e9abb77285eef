import Basics
import Formats
import Pictures

/// How Ghostscript is asked to write a document anew.
struct PDFPress {
  static let program = Program("gs", package: "ghostscript")
  static let options: [ConversionOption] = [.compress, .targetSize, .grayscale, .archival, .documentVersion]

  /// A way to write the pictures of a document.
  struct Level {
    let name: String
    let arguments: [String]
  }

  /// From the best to the smallest, as Ghostscript calls them.
  static let levels = ["prepress", "printer", "ebook", "screen"].map {
    Level(name: $0, arguments: ["-dPDFSETTINGS=/\($0)"])
  }
  /// What a document comes to that has to be smaller still.
  private static let least = Level(
    name: "least",
    arguments: [
      "-dPDFSETTINGS=/screen", "-dColorImageResolution=40", "-dGrayImageResolution=40", "-dMonoImageResolution=100",
    ])
  private static let plain = Level(name: "none", arguments: ["-dPDFSETTINGS=/default"])

  /// No program is started, no file of others read, and nothing asked.
  static let standing = ["-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-sDEVICE=pdfwrite"]
  /// Comes with Ghostscript's own packages.
  private static let profile = "/usr/share/color/icc/ghostscript/srgb.icc"
  private static let definition = "pdfa.ps"
  /// Room for what comes after it, when a size is asked for: protection and tables.
  private static let slack = 4096

  private let options: ConversionOptions
  /// What may be tried, from the best on; one where no size is asked for.
  private let levels: [Level]
  private let mostBytes: Int64?

  /// Nil where nothing is asked for that only Ghostscript does.
  init?(_ options: ConversionOptions) {
    guard PDFPress.options.contains(where: { options[$0] != $0.standard }) else { return nil }
    self.options = options
    let compress = options.word(.compress)
    let start = PDFPress.levels.firstIndex { $0.name == compress }
    mostBytes = options.whole(.targetSize).map { Int64(max($0 - PDFPress.slack, $0 * 9 / 10)) }
    if mostBytes == nil {
      levels = [start.map { PDFPress.levels[$0] } ?? PDFPress.plain]
    } else {
      levels = Array(PDFPress.levels[(start ?? 0)...]) + [PDFPress.least]
    }
  }

  /// True when a document is as it should be once it is small enough.
  private var isForSizeAlone: Bool {
    PDFPress.options.allSatisfy { $0.name == ConversionOption.targetSize.name || options[$0] == $0.standard }
  }

  /// What has come of the tries so far: which one to make next, or else which one is the best.
  enum Search: Equatable {
    /// By its place among the levels.
    case next(Int)
    /// The number of a try; nil where the document is small enough as it came.
    case best(Int?)
    case none
  }

  /// Halves the levels until the best is left that is small enough.
  func search(_ sizes: [Int64], before: Int64) -> Search {
    guard let mostBytes else { return sizes.isEmpty ? .next(0) : .best(0) }
    if isForSizeAlone, before <= mostBytes { return .best(nil) }
    var (low, high) = (0, levels.count - 1)
    var best: Int?
    for (number, size) in sizes.enumerated() {
      let middle = (low + high) / 2
      if size <= mostBytes {
        (best, high) = (number, middle - 1)
      } else {
        low = middle + 1
      }
    }
    if low <= high { return .next((low + high) / 2) }
    return best.map { .best($0) } ?? .none
  }

  func call(_ level: Int, from source: String, to target: String) -> ToolCall {
    var arguments = PDFPress.standing + levels[level].arguments + ["-dEmbedAllFonts=true", "-dSubsetFonts=true"]
    var files: [String: [UInt8]] = [:]
    let isGrey = options.flag(.grayscale)
    if isGrey { arguments += ["-sColorConversionStrategy=Gray", "-dProcessColorModel=/DeviceGray"] }
    if let version = options.word(.documentVersion) { arguments.append("-dCompatibilityLevel=\(version)") }
    arguments.append("-sOutputFile=\(target)")
    if let part = options.word(.archival).flatMap(PDFPress.part) {
      arguments += [
        "-dPDFA=\(part)", "-dPDFACompatibilityPolicy=1", "--permit-file-read=\(PDFPress.profile)",
      ]
      if !isGrey { arguments.append("-sColorConversionStrategy=RGB") }
      files[PDFPress.definition + "-\(target)"] = Array(PDFPress.intent.utf8)
      arguments += ["-f", PDFPress.definition + "-\(target)", source]
    } else {
      arguments += ["-f", source]
    }
    return ToolCall(PDFPress.program, arguments: arguments, needs: .fonts, files: files)
  }

  private static func part(_ word: String) -> Int? { word.first?.wholeNumberValue }

  /// The colours that a PDF/A means (ISO 19005-1, 6.2.2), in the language of Ghostscript's own marks.
  private static let intent = """
    [/_objdef {profile} /type /stream /OBJ pdfmark
    [{profile} << /N 3 >> /PUT pdfmark
    [{profile} (\(profile)) (r) file /PUT pdfmark
    [/_objdef {intent} /type /dict /OBJ pdfmark
    [{intent} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {profile} /OutputConditionIdentifier (sRGB) >>
    /PUT pdfmark
    [{Catalog} << /OutputIntents [{intent}] >> /PUT pdfmark

    """

  /// Throws what a client is told of a call that has failed.
  static func check(_ end: ToolEnd, isMade: Bool) throws(ConversionFailure) {
    guard end.code != 0 || !isMade else { return }
    if end.words.contains("VMerror") { throw .outOfMemory }
    throw ConversionFailure(.damagedFile, "the document is damaged, or not one that Ghostscript reads")
  }
}
