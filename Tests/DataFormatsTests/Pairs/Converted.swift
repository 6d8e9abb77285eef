import DataFormats
import XCTest

/// What a conversion makes of a text, or the sentence of its fault.
func converted(
  _ text: String, _ source: DataFormat, _ target: DataFormat, _ set: (inout DataOptions) -> Void = { _ in }
) -> String {
  String(decoding: convertedBytes(Array(text.utf8), source, target, set), as: UTF8.self)
}

/// As `converted`, of bytes.
func convertedBytes(
  _ bytes: [UInt8], _ source: DataFormat, _ target: DataFormat, limits: DataLimits = DataLimits(),
  _ set: (inout DataOptions) -> Void = { _ in }
) -> [UInt8] {
  var options = DataOptions()
  set(&options)
  var made: [UInt8] = []
  do {
    let conversion = DataConversion(from: source, to: target, options: options, limits: limits)
    try conversion.run(ByteFeed(bytes), into: ByteDrain { made += $0 })
    return made
  } catch let fault as DataFault {
    return Array(fault.sentence.utf8)
  } catch {
    return Array("\(error)".utf8)
  }
}
