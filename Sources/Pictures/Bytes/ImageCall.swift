import Basics
import CImage
import Formats

/// Makes calls into the codecs and turns their answers into failures.
enum ImageCall {
  /// Runs one call; `format` is whose file it reads or writes.
  static func run(
    _ format: Format, _ body: (UnsafeMutablePointer<cimage_failure>) -> Int32
  ) throws(ConversionFailure) {
    var failure = cimage_failure()
    let code = body(&failure)
    if code != 0 { throw reason(cimage_code(rawValue: UInt32(code)), failure, format) }
  }

  /// What a reader has gone past, by its bits.
  static func warnings(_ damage: UInt32) -> Set<ConversionWarning> {
    if damage == 0 { return [] }
    let meanings: [(cimage_damage, ConversionWarning)] = [
      (CIMAGE_PART_LEFT_OUT, .partLeftOut), (CIMAGE_WRONG_SUM, .checksumWrong), (CIMAGE_NO_END, .endMissing),
      (CIMAGE_ROWS_LOST, .rowsMissing),
    ]
    return Set(meanings.filter { damage & $0.0.rawValue != 0 }.map(\.1))
  }

  private static func reason(_ code: cimage_code, _ failure: cimage_failure, _ format: Format) -> ConversionFailure {
    let text = withUnsafeBytes(of: failure.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return switch code {
    case CIMAGE_DAMAGED: ConversionFailure(.damagedFile, "the \(format.title) file is damaged: \(text)")
    case CIMAGE_UNSUPPORTED:
      ConversionFailure(.unsupportedConversion, "this kind of \(format.title) file is not supported: \(text)")
    case CIMAGE_TOO_LARGE: ConversionFailure(.tooManyPixels, "a side of the picture is too long: \(text)")
    case CIMAGE_MEMORY: .outOfMemory
    case CIMAGE_INPUT: ConversionFailure(SystemFailure("pread", "input", code: failure.error_number))
    case CIMAGE_OUTPUT: ConversionFailure(SystemFailure("pwrite", "output", code: failure.error_number))
    default: ConversionFailure(.internalError, "the \(format.title) codec was misused: \(text)")
    }
  }
}
