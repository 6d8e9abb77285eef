import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// The failure that a conversion ends with, or nil and a failed test when it succeeds.
func failure(
  of body: () throws -> Void, file: StaticString = #filePath, line: UInt = #line
) -> ConversionFailure? {
  do {
    try body()
    XCTFail("it should have failed", file: file, line: line)
    return nil
  } catch {
    XCTAssert(error is ConversionFailure, "\(error)", file: file, line: line)
    return error as? ConversionFailure
  }
}

/// Converts in this process with the usual limits and returns the output.
func convert(
  _ input: TestFile, from: Format, to: Format, _ options: [String: String] = [:], maxPixels: Int? = nil
) throws -> (outcome: ConversionOutcome, file: TestFile) {
  let output = try TestFile()
  let conversion = Conversion(from: from, to: to, options: try ConversionOptions(options), maxPixels: maxPixels)
  let outcome = try Catalogue.standard.convert(
    conversion, limits: ConversionLimits(),
    files: ConversionFiles(sources: [input.descriptor], output: output.descriptor))
  withExtendedLifetime(input) {}
  return (outcome, output)
}
