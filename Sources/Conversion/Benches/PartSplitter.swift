import Basics
import Formats
import Glibc

/// Takes the files apart that a child has written one behind the other; what it says of them is believed only as far as it
/// fits the output.
struct PartSplitter {
  private let outcome: ConversionOutcome
  private let order: Order
  private let parts: [FilePart]
  /// Where the last part ends, and the list begins.
  private let end: Int64

  /// Reads the list of the parts, which begins at `list`.
  ///
  /// Throws `ConversionFailure` when it does not fit the output.
  init(_ outcome: ConversionOutcome, list: Int64, _ order: Order) throws(ConversionFailure) {
    self.outcome = outcome
    self.order = order
    let wrong = ConversionFailure(.converterDied, "the converter's result does not fit its output")
    guard (0..<outcome.size).contains(list), outcome.size - list <= Int64(FilePart.mostListBytes) else { throw wrong }
    var bytes = [UInt8](repeating: 0, count: Int(outcome.size - list))
    let file = order.files.output
    let got = try PartSplitter.check("pread") { pread(file, &bytes, bytes.count, off_t(list)) }
    guard got == bytes.count, let parts = FilePart.list(bytes) else { throw wrong }
    var sum: Int64 = 0
    for part in parts {
      guard part.size <= list - sum else { throw wrong }
      sum += part.size
    }
    guard sum == list else { throw wrong }
    self.parts = parts
    end = list
  }

  /// Each part in a file of its own, the first in the output itself.
  ///
  /// The last leaves first, and the output is cut behind each, so that no more than one part is there twice.
  func files() throws(ConversionFailure) -> [MadeFile] {
    let output = order.files.output
    var files = [output]
    for _ in parts.dropFirst() { files.append(try order.another()) }
    var place = end
    try PartSplitter.check("ftruncate") { ftruncate(output, off_t(place)) }
    for (file, part) in zip(files, parts).dropFirst().reversed() {
      place -= part.size
      try move(part, at: place, to: file)
    }
    var made: [MadeFile] = []
    for (file, part) in zip(files, parts) {
      let hash: [UInt8]
      do throws(SystemFailure) { hash = try SHA256.digest(ofFile: file, named: "output") } catch {
        throw ConversionFailure(error)
      }
      // What was left out, and what the child used, is told once.
      let isFirst = made.isEmpty
      let own = ConversionOutcome(
        size: part.size, width: nil, height: nil, sha256: hash, warnings: isFirst ? outcome.warnings : [],
        usage: isFirst ? outcome.usage : nil)
      made.append(
        MadeFile(descriptor: file, outcome: own, label: parts.count > 1 ? "\(made.count + 1)" : nil, part: part))
    }
    return made
  }

  private func move(_ part: FilePart, at place: Int64, to file: Int32) throws(ConversionFailure) {
    let output = order.files.output
    try PartSplitter.check("ftruncate") { ftruncate(file, 0) }
    try PartSplitter.check("lseek") { lseek(file, 0, SEEK_SET) }
    do throws(SystemFailure) {
      guard try JobFolder.copy(output, to: file, from: place, atMost: part.size) == part.size else {
        throw SystemFailure("sendfile", "output", code: EIO)
      }
    } catch {
      throw ConversionFailure(error)
    }
    try PartSplitter.check("ftruncate") { ftruncate(output, off_t(place)) }
  }

  @discardableResult
  private static func check<Result: SignedInteger>(_ call: String, _ body: () -> Result) throws(ConversionFailure)
    -> Result
  {
    do throws(SystemFailure) { return try Basics.check(call, "output", body) } catch { throw ConversionFailure(error) }
  }
}
