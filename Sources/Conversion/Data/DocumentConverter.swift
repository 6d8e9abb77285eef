import Archives
import Basics
import DataFormats
import Documents
import Formats
import Pictures

/// Reads text, properties and pictures out of office documents.
struct DocumentConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    do {
      let document = try OfficeDocument(conversion, files.sources[0])
      if conversion.to == .files { return try DocumentConverter.takeOut(document, files, limits) }
      let output = ByteOutput(files.output)
      let drain = DataConverter.drain(to: output, limits)
      if conversion.to == .json {
        try drain.put(OfficeFacts(document.kind, document.parts).json().text + "\n")
        try drain.flush()
      } else {
        try DocumentConverter.write(document, conversion, to: drain)
      }
      return ConvertedFile(size: try DataConverter.finish(output))
    } catch {
      throw OfficeDocument.failure(error, conversion)
    }
  }

  private static func write(_ document: OfficeDocument, _ conversion: Conversion, to drain: ByteDrain) throws {
    let options = conversion.options
    let target: DocumentTarget
    switch conversion.to {
    case .html:
      let title = try options.word(MarkupConverter.title) ?? OfficeFacts(document.kind, document.parts).title
      target = .html(isPage: !options.flag(MarkupConverter.fragment), title: title)
    case .md: target = .markdown
    default: target = .text
    }
    let embeds = conversion.to == .html || options.flag(Pandoc.embedImages)
    let wishes = OfficeDocument.options(options, embedsPictures: embeds)
    let blocks = try document.reader.blocks(wishes, sheet: OfficeDocument.sheet(options))
    try target.write(blocks, to: drain)
  }

  /// Gives each picture, sound and film in the document.
  private static func takeOut(
    _ document: OfficeDocument, _ files: ConversionFiles, _ limits: ConversionLimits
  ) throws -> ConvertedFile {
    let output = PartsOutput(files.output)
    var names = EntryNames()
    for name in try DocumentMedia.names(document.kind, document.parts) {
      guard let entry = document.archive.entry(named: name) else { continue }
      try ConversionFailure.check(Int64(entry.size), atMost: limits.maxOutputBytes)
      let own = name.split(separator: "/").last.map(String.init) ?? name
      try output.add(try names.take(own, isFolder: false), from: try document.archive.content(of: entry))
    }
    guard output.count > 0 else {
      throw ConversionFailure(.unsupportedConversion, "the document has no pictures, sounds or films in it")
    }
    return try output.finish()
  }
}
