import Basics
import Formats
import Pictures

/// Tells what files of many formats say about themselves, and leaves that out of them, by exiftool.
struct EXIFTool: Tool {
  let program = EXIFTool.exiftool
  let lane = Lane.office
  var name: String { program.name }

  static let exiftool = Program("exiftool", package: "libimage-exiftool-perl")
  private static let told = "told"
  private static let mostToldBytes = 16 << 20

  /// What code of ours tells the most important of.
  private static let builtIn: [Format] = [
    .png, .jpeg, .bmp, .pnm, .ico, .docx, .xlsx, .pptx, .odt, .ods, .odp,
  ]
  private static let read: [Format] = [
    .webp, .gif, .tiff, .heic, .avif, .jxl, .svg, .eps, .ps, .pdf, .doc, .xls, .ppt, .rtf, .mp4, .webm, .mov, .mkv,
    .avi, .mp3, .aac, .m4a, .wav, .ogg, .opus, .flac,
  ]
  private static let written: [Format] = [.jpeg, .png, .tiff, .heic, .avif, .gif, .mp4, .mov, .m4a]

  static let deed = Offer.Deed(
    .stripMetadata, targets: "a file without its metadata stays of its format", count: "")

  var offers: [Offer] {
    [
      Offer(
        from: EXIFTool.builtIn, to: [.json],
        deed: .init(.allMetadata, targets: "metadata are told as json", count: ""), standsAlone: true, cost: 10),
      Offer(from: EXIFTool.read, to: [.json], standsAlone: true, cost: 10),
    ] + EXIFTool.written.map { Offer(from: [$0], to: [$0], deed: EXIFTool.deed, cost: 10) }
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.isEmpty, let source = task.sources.first else { return nil }
    if task.conversion.to != .json { return EXIFTool.strip(source, to: EXIFTool.output(task)) }
    return ToolCall(
      // No settings of anybody's; nothing of where the file lies and when it was put there.
      arguments: ["-config", "", "-json", "-g", "-x", "System:all", "-x", "ExifToolVersion", source],
      printed: EXIFTool.told)
  }

  /// Everything but what says how the picture is to be shown.
  static func strip(_ source: String, to name: String) -> ToolCall {
    ToolCall(
      EXIFTool.exiftool,
      arguments: [
        "-config", "", "-q", "-m", "-all=", "-CommonIFD0=", "-tagsFromFile", "@", "-ICC_Profile", "-Orientation",
        "-ColorSpaceTags", "-o", name, source,
      ])
  }

  private static func output(_ task: ToolTask) -> String { "out.\(task.conversion.to.fileExtension)" }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard task.conversion.to == .json else {
      if let end = ends.last, end.code != 0 { throw EXIFTool.failure(end) }
      return [ToolResult(EXIFTool.output(task))]
    }
    let told = task.folder.bytes(of: EXIFTool.told, atMost: EXIFTool.mostToldBytes) ?? []
    guard let members = (try? JSONReader.parse(told))?[0]?.members else {
      throw ConversionFailure(.damagedFile, "exiftool tells nothing of the file")
    }
    if members.first(where: { $0.name == "ExifTool" })?.value["Error"] != nil {
      throw ConversionFailure(.damagedFile, "the file is damaged, or not one that exiftool reads")
    }
    let kept = members.filter { $0.name != "SourceFile" }
    return [ToolResult("out.json", bytes: Array((JSONValue.object(kept).text + "\n").utf8))]
  }

  static func failure(_ end: ToolEnd) -> ConversionFailure {
    if end.words.contains("assword") || end.words.contains("ncrypt") {
      return ConversionFailure(.passwordRequired, "the document is protected by a password")
    }
    return ConversionFailure(.damagedFile, "the file is damaged, or not one that exiftool writes")
  }
}
