/// A part of a page on which a click leads somewhere, in points from the lower left corner.
struct LinkArea {
  let target: LinkTarget
  var left: Double
  var bottom: Double
  var right: Double
  var top: Double

  /// As an object of a PDF (12.5.6.5), without a frame around it.
  var annotation: String {
    let box = [left, bottom, right, top].map(PDFText.number).joined(separator: " ")
    let action =
      switch target {
      case .address(let address): "/A << /S /URI /URI \(PDFText.string(address)) >>"
      case .heading(let number): "/Dest /h\(number)"
      }
    return "<< /Type /Annot /Subtype /Link /Rect [\(box)] /Border [0 0 0] \(action) >>"
  }
}
