import Formats

/// A PDF of pages with one picture each.
///
/// For each page its picture, perhaps a mask, and `endPage`; then `finish`.
final class PDFFile {
  private let objects: PDFObjects
  private let catalogue: Int
  private let pages: Int
  private var pageNumbers: [Int] = []
  private var image = 0
  private var mask: Int?
  /// The last profile and its object, which pages in a row share.
  private var profile: (profile: ColourProfile, number: Int)?

  init(_ descriptor: Int32) throws(ConversionFailure) {
    objects = try PDFObjects(ByteOutput(descriptor))
    catalogue = objects.reserve()
    pages = objects.reserve()
  }

  /// What the next picture's pixels mean: a profile that fits them, which is written here, or the device's own colours.
  func colourSpace(_ profile: ColourProfile?, channels: Int) throws(ConversionFailure) -> String {
    let device = [1: "/DeviceGray", 3: "/DeviceRGB"][channels] ?? "/DeviceCMYK"
    guard let profile, profile.fits(components: channels) else { return device }
    if let last = self.profile, last.profile == profile { return "[/ICCBased \(last.number) 0 R]" }
    let number = objects.reserve()
    self.profile = (profile, number)
    try objects.write(number, "/N \(channels) /Alternate \(device) ", stream: profile.bytes)
    return "[/ICCBased \(number) 0 R]"
  }

  /// Begins the picture of the next page.
  func beginImage(_ header: PictureHeader, _ entries: String, hasMask: Bool) throws(ConversionFailure) {
    image = objects.reserve()
    mask = hasMask ? objects.reserve() : nil
    let smask = mask.map { " /SMask \($0) 0 R" } ?? ""
    try objects.beginStream(
      image,
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 \(entries)\(smask)"
    )
  }

  /// Begins the mask that was announced with the picture.
  func beginMask(_ header: PictureHeader) throws(ConversionFailure) {
    try objects.beginStream(
      mask ?? objects.reserve(),
      "/Type /XObject /Subtype /Image /Width \(header.width) /Height \(header.height) /BitsPerComponent 8 "
        + "/ColorSpace /DeviceGray /Filter /FlateDecode")
  }

  func add(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) { try objects.add(bytes) }

  /// Ends the picture or mask that is open.
  func endStream() throws(ConversionFailure) { try objects.endStream() }

  /// Writes the page that shows the picture.
  func endPage(_ page: PDFPage, _ turn: Orientation) throws(ConversionFailure) {
    let (content, number) = (objects.reserve(), objects.reserve())
    try objects.write(content, "", stream: Array(page.content(turn).utf8))
    try objects.write(
      number,
      "<< /Type /Page /Parent \(pages) 0 R /MediaBox [0 0 \(PDFPage.number(page.width)) "
        + "\(PDFPage.number(page.height))] /Contents \(content) 0 R "
        + "/Resources << /XObject << /Im \(image) 0 R >> >> >>")
    pageNumbers.append(number)
  }

  /// Writes the list of pages and the table of objects; returns the size of the file.
  func finish() throws(ConversionFailure) -> Int64 {
    let kids = pageNumbers.map { "\($0) 0 R" }.joined(separator: " ")
    try objects.write(pages, "<< /Type /Pages /Kids [\(kids)] /Count \(pageNumbers.count) >>")
    try objects.write(catalogue, "<< /Type /Catalog /Pages \(pages) 0 R >>")
    return try objects.finish(catalogue: catalogue)
  }
}
