/// The fonts that a PDF needs not bring along (PDF 32000-1, 9.6.2.2).
enum BaseFont: UInt8, CaseIterable {
  case helvetica, helveticaBold, helveticaOblique, helveticaBoldOblique
  case times, timesBold, timesItalic, timesBoldItalic
  case courier, courierBold, courierOblique, courierBoldOblique
  case symbol, dingbats

  private static let names = [
    "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique", "Times-Roman", "Times-Bold",
    "Times-Italic", "Times-BoldItalic", "Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique", "Symbol",
    "ZapfDingbats",
  ]

  init(_ face: Typeface, isBold: Bool = false, isItalic: Bool = false) {
    let family: UInt8 =
      switch face {
      case .sans: 0
      case .serif: 4
      case .mono: 8
      }
    self = BaseFont(rawValue: family + (isBold ? 1 : 0) + (isItalic ? 2 : 0)) ?? .helvetica
  }

  /// How PDF calls it.
  var name: String { BaseFont.names[Int(rawValue)] }

  /// True for the two that have an encoding of their own instead of WinAnsiEncoding.
  var isOfSigns: Bool { self == .symbol || self == .dingbats }

  /// The width of each code in thousandths of the font's size.
  var widths: [UInt16] { FontWidths.all[Int(rawValue)] }

  /// How wide codes are together at size 1.
  func width(of codes: some Sequence<UInt8>) -> Double {
    let widths = widths
    return Double(codes.reduce(0) { $0 + Int(widths[Int($1)]) }) / 1000
  }
}
