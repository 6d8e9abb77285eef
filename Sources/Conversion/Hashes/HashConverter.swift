import Formats
import Pictures

/// Writes the sum of a file as a line of lower-case hexadecimal; the file's name is not known here.
struct HashConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let sums: [(name: String, sum: String)]
    do {
      sums = try FileHashes.compute([conversion.to.name], ofFile: files.sources[0], named: "input")
    } catch {
      throw ConversionFailure(error)
    }
    guard let sum = sums.first?.sum else {
      throw ConversionFailure(.unsupportedConversion, "\(conversion.to.title) is no sum that is known here")
    }
    let file = ByteOutput(files.output)
    try file.write(sum + "\n")
    return ConvertedFile(size: try file.finish())
  }
}
