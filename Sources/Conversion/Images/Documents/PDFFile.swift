/// A PDF with one picture, object by object (ISO 32000-1); streams are written before their length is known.
final class PDFFile {
  private let output: ByteOutput
  private var offsets: [Int: Int64] = [:]
  private var streamStart: Int64 = 0

  private enum Number {
    static let (catalogue, pages, page, content, image, imageLength, mask, maskLength) = (1, 2, 3, 4, 5, 6, 7, 8)
  }

  init(_ descriptor: Int32) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    // Bytes over 127 tell transfer programs that the file is not text.
    try output.write("%PDF-1.5\n%")
    try output.write([0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
  }

  func beginImage(_ header: PictureHeader, _ entries: String, hasMask: Bool) throws(ConversionFailure) {
    let mask = hasMask ? " /SMask \(Number.mask) 0 R" : ""
    try beginStream(
      Number.image, Number.imageLength,
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 \(entries)\(mask)"
    )
  }

  func beginMask(_ header: PictureHeader) throws(ConversionFailure) {
    try beginStream(
      Number.mask, Number.maskLength,
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 "
        + "/ColorSpace /DeviceGray /Filter /FlateDecode")
  }

  func add(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) { try output.write(bytes) }

  func endImage() throws(ConversionFailure) { try endStream(Number.imageLength) }
  func endMask() throws(ConversionFailure) { try endStream(Number.maskLength) }

  /// Writes the page and the table of objects; returns the size of the file.
  func finish(_ page: PDFPage, _ turn: Orientation) throws(ConversionFailure) -> Int64 {
    let content = page.content(turn)
    try object(Number.content, "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    try object(
      Number.page,
      "<< /Type /Page /Parent \(Number.pages) 0 R /MediaBox [0 0 \(PDFPage.number(page.width)) "
        + "\(PDFPage.number(page.height))] /Contents \(Number.content) 0 R "
        + "/Resources << /XObject << /Im \(Number.image) 0 R >> >> >>")
    try object(Number.pages, "<< /Type /Pages /Kids [\(Number.page) 0 R] /Count 1 >>")
    try object(Number.catalogue, "<< /Type /Catalog /Pages \(Number.pages) 0 R >>")
    let table = output.position
    let count = (offsets.keys.max() ?? 0) + 1
    try output.write("xref\n0 \(count)\n0000000000 65535 f \n")
    for number in 1..<count {
      let digits = String(offsets[number] ?? 0)
      try output.write("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n")
    }
    try output.write("trailer\n<< /Size \(count) /Root \(Number.catalogue) 0 R >>\nstartxref\n\(table)\n%%EOF\n")
    return try output.finish()
  }

  private func object(_ number: Int, _ body: String) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n\(body)\nendobj\n")
  }

  private func beginStream(_ number: Int, _ length: Int, _ entries: String) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n<< \(entries) /Length \(length) 0 R >>\nstream\n")
    streamStart = output.position
  }

  private func endStream(_ length: Int) throws(ConversionFailure) {
    let count = output.position - streamStart
    try output.write("\nendstream\nendobj\n")
    try object(length, String(count))
  }
}
