import Formats

/// A PDF of pages with one picture each, object by object (ISO 32000-1); streams are written before their length is known.
///
/// For each page its picture, perhaps a mask, and `endPage`; then `finish`.
final class PDFFile {
  private static let (catalogue, pages) = (1, 2)

  private let output: ByteOutput
  /// Where each object begins, by its number.
  private var offsets: [Int64] = [0, 0, 0]
  private var pageNumbers: [Int] = []
  private var image = 0
  private var mask: Int?
  /// The last profile and its object, which pages in a row share.
  private var profile: (profile: ColourProfile, number: Int)?
  /// The object that gets the length of the stream that is open.
  private var length = 0
  private var streamStart: Int64 = 0

  init(_ descriptor: Int32) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    // Bytes over 127 tell transfer programs that the file is not text.
    try output.write("%PDF-1.5\n%")
    try output.write([0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
  }

  /// What the next picture's pixels mean: a profile that fits them, which is written here, or the device's own colours.
  func colourSpace(_ profile: ColourProfile?, channels: Int) throws(ConversionFailure) -> String {
    let device = [1: "/DeviceGray", 3: "/DeviceRGB"][channels] ?? "/DeviceCMYK"
    guard let profile, profile.fits(components: channels) else { return device }
    if let last = self.profile, last.profile == profile { return "[/ICCBased \(last.number) 0 R]" }
    let number = reserve()
    self.profile = (profile, number)
    offsets[number] = output.position
    try output.write(
      "\(number) 0 obj\n<< /N \(channels) /Alternate \(device) /Length \(profile.bytes.count) >>\nstream\n")
    try output.write(profile.bytes)
    try output.write("\nendstream\nendobj\n")
    return "[/ICCBased \(number) 0 R]"
  }

  /// Begins the picture of the next page.
  func beginImage(_ header: PictureHeader, _ entries: String, hasMask: Bool) throws(ConversionFailure) {
    image = reserve()
    length = reserve()
    mask = hasMask ? reserve() : nil
    let smask = mask.map { " /SMask \($0) 0 R" } ?? ""
    try beginStream(
      image,
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 \(entries)\(smask)"
    )
  }

  /// Begins the mask that was announced with the picture.
  func beginMask(_ header: PictureHeader) throws(ConversionFailure) {
    length = reserve()
    try beginStream(
      mask ?? reserve(),
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 "
        + "/ColorSpace /DeviceGray /Filter /FlateDecode")
  }

  func add(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) { try output.write(bytes) }

  /// Ends the picture or mask that is open.
  func endStream() throws(ConversionFailure) {
    let count = output.position - streamStart
    try output.write("\nendstream\nendobj\n")
    try object(length, String(count))
  }

  /// Writes the page that shows the picture.
  func endPage(_ page: PDFPage, _ turn: Orientation) throws(ConversionFailure) {
    let content = page.content(turn)
    let (contentNumber, number) = (reserve(), reserve())
    try object(contentNumber, "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    try object(
      number,
      "<< /Type /Page /Parent \(PDFFile.pages) 0 R /MediaBox [0 0 \(PDFPage.number(page.width)) "
        + "\(PDFPage.number(page.height))] /Contents \(contentNumber) 0 R "
        + "/Resources << /XObject << /Im \(image) 0 R >> >> >>")
    pageNumbers.append(number)
  }

  /// Writes the list of pages and the table of objects; returns the size of the file.
  func finish() throws(ConversionFailure) -> Int64 {
    let kids = pageNumbers.map { "\($0) 0 R" }.joined(separator: " ")
    try object(PDFFile.pages, "<< /Type /Pages /Kids [\(kids)] /Count \(pageNumbers.count) >>")
    try object(PDFFile.catalogue, "<< /Type /Catalog /Pages \(PDFFile.pages) 0 R >>")
    let table = output.position
    try output.write("xref\n0 \(offsets.count)\n0000000000 65535 f \n")
    for offset in offsets.dropFirst() {
      let digits = String(offset)
      try output.write("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n")
    }
    try output.write(
      "trailer\n<< /Size \(offsets.count) /Root \(PDFFile.catalogue) 0 R >>\nstartxref\n\(table)\n%%EOF\n")
    return try output.finish()
  }

  private func reserve() -> Int {
    offsets.append(0)
    return offsets.count - 1
  }

  private func object(_ number: Int, _ body: String) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n\(body)\nendobj\n")
  }

  private func beginStream(_ number: Int, _ entries: String) throws(ConversionFailure) {
    offsets[number] = output.position
    try output.write("\(number) 0 obj\n<< \(entries) /Length \(length) 0 R >>\nstream\n")
    streamStart = output.position
  }
}
