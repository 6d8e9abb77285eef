import Archives
import Formats
import Pictures

/// Writes several files one behind the other into the only output that a child has, and a list of them behind the last.
final class PartsOutput {
  private let output: ByteOutput
  private var parts: [FilePart] = []

  init(_ descriptor: Int32) { output = ByteOutput(descriptor) }

  var count: Int { parts.count }

  /// Adds a file under the name that it has where it comes from; nil has it named after that.
  ///
  /// Throws `ConversionFailure` where there are too many or the name is not one that can be given, and what the source
  /// throws.
  func add(_ name: String?, from source: any ByteSource) throws {
    guard parts.count < FilePart.most else {
      throw ConversionFailure(
        .unsupportedConversion, "more than \(FilePart.most) files are in it; so many are taken out at one time")
    }
    guard name.map(FilePart.isSafe) ?? true else {
      throw ConversionFailure(
        .unsupportedConversion, "the name \(ArchiveFault.shown(name ?? "")) is too long to be that of a file")
    }
    let start = output.position
    let sample = try source.forEachPieceSampled { try output.write($0) }
    parts.append(
      FilePart(name: name, format: PartsOutput.format(sample, named: name ?? ""), size: output.position - start))
  }

  /// Completes the output with the list.
  func finish(warnings: Set<ConversionWarning> = []) throws(ConversionFailure) -> ConvertedFile {
    guard !parts.isEmpty else { throw ConversionFailure(.unsupportedConversion, "there are no files in it") }
    let list = output.position
    try output.write(FilePart.text(parts))
    return ConvertedFile(size: try output.finish(), warnings: warnings, list: list)
  }

  /// What a file is by its first bytes and its ending; which Office document an archive is stands further behind.
  private static func format(_ sample: [UInt8], named name: String) -> Format? {
    let type = Sniffer.type(of: sample)
    if type.name == "zip", let dot = name.lastIndex(of: "."), let named = Format.named(String(name[dot...])),
      named.category == .document
    {
      return named
    }
    return type.best(named: name)
  }
}
