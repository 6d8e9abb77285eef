import Basics
import DataFormats
import Formats
import Pictures

/// Turns structured data into another format of it, value by value where the formats allow it.
struct DataConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let source = files.sources[0]
    guard let format = conversion.from, let from = DataFormat(format), let to = DataFormat(conversion.to) else {
      throw ConversionFailure(.unsupportedConversion, "the file holds no data")
    }
    let size = max(1, try ByteInput(descriptor: source).size())
    let output = ByteOutput(files.output)
    return try withoutActuallyEscaping(progress) { progress throws(ConversionFailure) in
      let feed = ByteFeed(descriptor: source)
      let drain = DataConverter.drain(to: output, limits) { progress(Int(min(99, Int64(feed.position) * 100 / size))) }
      do {
        try DataConversion(from: from, to: to, options: try DataConverter.options(conversion.options))
          .run(feed, into: drain)
      } catch {
        throw DataConverter.failure(error, format.title, conversion.to.title)
      }
      return ConvertedFile(size: try DataConverter.finish(output))
    }
  }

  /// Writes no more than an output may have: rows of few values in thousands of columns make much of little.
  static func drain(to output: ByteOutput, _ limits: ConversionLimits, _ told: @escaping () -> Void = {}) -> ByteDrain {
    ByteDrain { bytes in
      guard output.position <= limits.maxOutputBytes - Int64(bytes.count) else { throw ConversionFailure.overLimit }
      try output.write(bytes)
      told()
    }
  }

  /// What nothing is said of in a target without brackets is an empty line, for no file is empty.
  static func finish(_ output: ByteOutput) throws(ConversionFailure) -> Int64 {
    if output.position == 0 { try output.write("\n") }
    return try output.finish()
  }

  static func failure(_ error: any Error, _ source: String, _ target: String) -> ConversionFailure {
    guard let fault = error as? DataFault else { return ConversionFailure(of: error) }
    switch fault.kind {
    case .malformed: return ConversionFailure(.damagedFile, "the file is no valid \(source): \(fault.sentence)")
    case .tooLarge:
      return ConversionFailure(.unsupportedConversion, "the file goes beyond what is read here: \(fault.sentence)")
    case .unsupported:
      return ConversionFailure(.unsupportedConversion, "\(source) to \(target) is not possible: \(fault.sentence)")
    }
  }
}

extension DataFormat {
  /// Nil for what is no format of data.
  init?(_ format: Format) { self.init(rawValue: format.name) }
}
