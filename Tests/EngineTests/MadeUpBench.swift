import Basics
import Formats
import Storage
import TestSupport

@testable import Conversion

/// Makes three bytes of whatever it is given, after something else has happened.
final class MadeUpBench: Bench {
  /// Open once the bench is closed.
  let closed = Gate()
  private let meanwhile: @Sendable (_ watch: Watch, _ closed: Gate) throws -> Void

  init(_ meanwhile: @escaping @Sendable (_ watch: Watch, _ closed: Gate) throws -> Void) {
    self.meanwhile = meanwhile
  }

  func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    let bytes: [UInt8] = [1, 2, 3]
    do {
      try meanwhile(watch, closed)
      try FileBytes.writeAll(bytes, to: order.files.output, named: "output")
    } catch {
      throw ConversionFailure(of: error)
    }
    let outcome = ConversionOutcome(size: Int64(bytes.count), width: 1, height: 1, sha256: SHA256.digest(bytes))
    return [MadeFile(descriptor: order.files.output, outcome: outcome)]
  }

  func close() { closed.open() }
}
