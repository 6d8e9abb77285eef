import Basics
import Formats
import Glibc

/// Makes the file of a page that is ready, and writes it.
enum PageOutput {
  /// Throws as the page does, and when the file would be larger than it may.
  static func write(
    _ visitor: PageVisitor, as format: Format, into output: Int32, atMost most: Int64
  ) throws(VisitTrouble) -> MadeFile {
    var sides: (width: Int, height: Int)?
    var file = OutputBytes(output, most)
    try file.clear()
    switch format {
    case .pdf: try PagePaper.print(visitor) { (bytes) throws(VisitTrouble) in try file.add(bytes) }
    case .html: try file.add(Array((try visitor.run(.source).string ?? "").utf8))
    case .mhtml:
      let answer = try visitor.call("Page.captureSnapshot", ["format": .string("mhtml")])
      try file.add(Array((answer["data"]?.string ?? "").utf8))
    default:
      let picture = try PagePicture.take(visitor, as: format)
      sides = (picture.width, picture.height)
      try file.add(picture.bytes)
    }
    guard file.size > 0 else { throw .refused("nothing was made") }
    do throws(SystemFailure) {
      let type = try Sniffer.type(ofFile: output)
      // MHTML begins as any message does.
      guard type.may(be: format) || format == .mhtml else {
        throw SystemFailure("type", "output", code: EILSEQ)
      }
      let hash = try SHA256.digest(ofFile: output, named: "output")
      return MadeFile(
        descriptor: output,
        outcome: ConversionOutcome(size: file.size, width: sides?.width, height: sides?.height, sha256: hash))
    } catch {
      throw .failed(
        error.code == EILSEQ
          ? ConversionFailure(.converterDied, "the browser made something else than \(format.title)")
          : ConversionFailure(error))
    }
  }

  /// A file that grows to at most so many bytes.
  private struct OutputBytes {
    private let output: Int32
    private let most: Int64
    private(set) var size: Int64 = 0

    init(_ output: Int32, _ most: Int64) {
      self.output = output
      self.most = most
    }

    func clear() throws(VisitTrouble) {
      do throws(SystemFailure) {
        try check("ftruncate", "output") { ftruncate(output, 0) }
        try check("lseek", "output") { lseek(output, 0, SEEK_SET) }
      } catch {
        throw .failed(ConversionFailure(error))
      }
    }

    mutating func add(_ bytes: [UInt8]) throws(VisitTrouble) {
      size += Int64(bytes.count)
      guard size <= most else { throw .failed(.overLimit) }
      var rest = bytes[...]
      do throws(SystemFailure) {
        while !rest.isEmpty {
          let count = try check("write", "output") {
            rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
          }
          rest = rest.dropFirst(count)
        }
      } catch {
        throw .failed(ConversionFailure(error))
      }
    }
  }
}
