package import Formats

/// The objects of a PDF as they are written one after the other, and the table of their places (ISO 32000-1, 7.3.10, 7.5).
///
/// Streams are written before their length is known.
package final class PDFObjects {
  /// Places in the table have ten digits.
  private static let mostBytes: Int64 = 9_999_999_999

  private let output: ByteOutput
  /// Where each object begins, by its number; the first is none.
  private var offsets: [Int64] = [0]
  /// The object that gets the length of the stream that is open.
  private var length = 0
  private var streamStart: Int64 = 0

  package init(_ output: ByteOutput) throws(ConversionFailure) {
    self.output = output
    // Bytes over 127 tell transfer programs that the file is not text.
    try output.write("%PDF-1.5\n%")
    try output.write([0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
  }

  /// The number of one more object, which has to be written before the end.
  package func reserve() -> Int {
    offsets.append(0)
    return offsets.count - 1
  }

  package func write(_ number: Int, _ body: String) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n\(body)\nendobj\n")
  }

  /// Writes a stream whose bytes are here.
  package func write(_ number: Int, _ entries: String, stream: [UInt8]) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n<< \(entries)/Length \(stream.count) >>\nstream\n")
    try output.write(stream)
    try output.write("\nendstream\nendobj\n")
  }

  package func beginStream(_ number: Int, _ entries: String) throws(ConversionFailure) {
    length = reserve()
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n<< \(entries) /Length \(length) 0 R >>\nstream\n")
    streamStart = output.position
  }

  /// Adds to the stream that is open.
  package func add(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) { try output.write(bytes) }

  package func endStream() throws(ConversionFailure) {
    let count = output.position - streamStart
    try output.write("\nendstream\nendobj\n")
    try write(length, String(count))
  }

  /// Writes the table and returns the size of the file; `information` tells of the document.
  package func finish(catalogue: Int, information: Int? = nil) throws(ConversionFailure) -> Int64 {
    let table = output.position
    guard table <= PDFObjects.mostBytes else { throw .overLimit }
    try output.write("xref\n0 \(offsets.count)\n0000000000 65535 f \n")
    for offset in offsets.dropFirst() {
      let digits = String(offset)
      try output.write("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n")
    }
    let information = information.map { " /Info \($0) 0 R" } ?? ""
    try output.write(
      "trailer\n<< /Size \(offsets.count) /Root \(catalogue) 0 R\(information) >>\nstartxref\n\(table)\n%%EOF\n")
    return try output.finish()
  }
}
