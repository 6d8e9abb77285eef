import Basics
import CSystem
import Formats
import Glibc

/// Puts all sources into a ZIP archive as they are.
struct ArchiveConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let names = conversion.names.isEmpty ? try ArchiveConverter.numbers(files.sources) : conversion.names
    let facts = try files.sources.map(ArchiveConverter.facts)
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
