import Archives
import Basics
import CSystem
import Formats
import Glibc

/// Puts all sources into an archive as they are.
struct ArchiveConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let names = conversion.names.isEmpty ? try ArchiveConverter.numbers(files.sources) : conversion.names
    let facts = try files.sources.map(ArchiveConverter.facts)
    guard conversion.to == .zip else { return try ArchiveConverter.pack(names, facts, conversion.to, files, progress) }
    let total = max(1, facts.reduce(0) { $0 + $1.size })
    let writer = ZIPWriter(files.output)
    var done: Int64 = 0
    for (index, source) in files.sources.enumerated() {
      try writer.add(names[index], from: source, at: facts[index].changed) { bytes in
        progress(Int((done + bytes) * 100 / total))
      }
      done += facts[index].size
    }
    return ConvertedFile(size: try writer.finish())
  }

  private static func pack(
    _ names: [String], _ facts: [(size: Int64, changed: Timestamp)], _ format: Format, _ files: ConversionFiles,
    _ progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    do {
      let output = try PackOutput(format, files.output)
      var taken = ArchiveNames()
      for (index, source) in files.sources.enumerated() {
        try taken.take(names[index])
        progress(index * 100 / names.count)
        let size = Int(facts[index].size)
        try output.add(names[index], size: size, at: facts[index].changed, from: FileSource(source, to: size))
      }
      return ConvertedFile(size: try output.finish())
    } catch {
      throw OpenArchive.failure(error, format.title)
    }
  }

  /// Names for files that came without any: their numbers, with the ending of what they are.
  private static func numbers(_ sources: [Int32]) throws(ConversionFailure) -> [String] {
    var names: [String] = []
    for (index, source) in sources.enumerated() {
      do throws(SystemFailure) {
        let format = try Sniffer.type(ofFile: source).certain
        names.append(format.map { "\(index + 1).\($0.fileExtension)" } ?? "\(index + 1)")
      } catch {
        throw ConversionFailure(error)
      }
    }
    return names
  }

  private static func facts(of source: Int32) throws(ConversionFailure) -> (size: Int64, changed: Timestamp) {
    var facts = csystem_file()
    do throws(SystemFailure) {
      try check("fstat", "input") { csystem_look_at_file(source, &facts) }
    } catch {
      throw ConversionFailure(error)
    }
    return (facts.bytes, Timestamp(milliseconds: facts.changed_seconds * 1000))
  }
}
