import Basics
import Formats
import Glibc

extension MadeFile {
  /// Looks whether what somebody else's program has written is what it was to be, and sums it up; `maker` is whom a sentence
  /// blames for anything else.
  init(
    checking output: Int32, of size: Int64, as format: Format, width: Int? = nil, height: Int? = nil,
    label: String? = nil, by maker: String
  ) throws(ConversionFailure) {
    do throws(SystemFailure) {
      guard try Sniffer.type(ofFile: output).may(be: format) else {
        throw SystemFailure("type", "output", code: EILSEQ)
      }
      let hash = try SHA256.digest(ofFile: output, named: "output")
      self.init(
        descriptor: output, outcome: ConversionOutcome(size: size, width: width, height: height, sha256: hash),
        label: label)
    } catch {
      if error.code != EILSEQ { throw ConversionFailure(error) }
      throw ConversionFailure(.converterDied, "\(maker) made something else than \(format.title)")
    }
  }
}
