import Archives
import DataFormats
import Documents
import Formats
import Pictures

/// Reads messages as mail programs save them, and takes out what came with them.
struct MailConverter: Converter {
  /// Bytes of a message, which is held whole.
  private static let most = 128 << 20

  let name = "built in"

  var offers: [Offer] {
    [
      Offer(from: [.eml], to: [.txt, .md, .html, .json]),
      Offer(from: [.eml], to: [.files], standsAlone: true),
    ]
  }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    do {
      guard let bytes = try ByteFeed(descriptor: files.sources[0]).rest(atMost: MailConverter.most) else {
        throw DataFault(.tooLarge, "a message may have \(MailConverter.most) bytes")
      }
      let message = try MailParser.parse(bytes)
      if conversion.to == .files {
        let output = PartsOutput(files.output)
        for (name, part) in MailWriter.attachments(message) { try output.add(name, from: ContentSource(part.content)) }
        return try output.finish()
      }
      let output = ByteOutput(files.output)
      let writer = MailWriter(message, to: DataConverter.drain(to: output, limits))
      switch conversion.to {
      case .json: try writer.writeJSON()
      case .md: try writer.writeMarkdown()
      case .html: try writer.writeHTML()
      default: try writer.writeText()
      }
      return ConvertedFile(size: try DataConverter.finish(output))
    } catch {
      throw DataConverter.failure(error, Format.eml.title, conversion.to.title)
    }
  }
}
