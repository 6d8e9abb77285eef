import Basics
import Formats
import Markup
import Pictures

extension MarkdownPages {
  /// Points of a pixel, of which there are 96 in an inch.
  private static let pixel = 0.75
  private static let kinds = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,"]

  /// The picture that an address is itself; nil for any other.
  static func picture(_ address: String) -> PDFPicture? {
    guard let kind = kinds.first(where: address.hasPrefix) else { return nil }
    let digits = address.utf8.dropFirst(kind.utf8.count).filter { $0 > 0x20 }
    return Base64.decode(String(decoding: digits, as: UTF8.self)).flatMap { PDFPicture($0) }
  }

  /// Sets a picture in a line of its own, as large as it is where there is room.
  mutating func set(_ picture: PDFPicture, in column: TextColumn) throws {
    let number = try flow.document.add(picture)
    let (width, height) = (Double(picture.width) * Self.pixel, Double(picture.height) * Self.pixel)
    let scale = min(1, column.width / width, flow.pageHeight * 0.95 / height)
    var box = FlowBox(height: height * scale, grounds: column.grounds)
    box.content.append("q ")
    PDFText.append(
      operands: [width * scale, 0, 0, height * scale, column.left, -height * scale], to: &box.content)
    box.content.append("cm /Im")
    PDFText.append(Double(number), to: &box.content)
    box.content.append(" Do Q\n")
    finish(&box)
    try flow.add(box)
  }
}
