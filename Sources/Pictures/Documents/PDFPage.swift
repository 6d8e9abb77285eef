import Formats

/// Where on its page a picture stands, in points.
struct PDFPage {
  /// No viewer takes larger pages (PDF 32000-1 annex C.2).
  private static let mostPoints = 14_400.0
  /// What a picture's pixels are taken for when nothing tells.
  private static let standardDPI = 96

  static let names = ["auto"] + PaperSize.all.map(\.name)

  let width: Double
  let height: Double
  let picture: PixelBox

  /// `sides` are the picture's as it is shown.
  init(sides: (width: Int, height: Int), _ resolution: Resolution?, _ options: ConversionOptions) {
    let resolution = resolution ?? Resolution(dpi: PDFPage.standardDPI)
    var across = Double(sides.width) * 72 / resolution.across
    var down = Double(sides.height) * 72 / resolution.down
    let margin = Double(options.whole(.margin) ?? 0) * PaperSize.millimetre
    guard let size = PaperSize.named(options.word(.pageSize)) else {
      let shrink = min(1, (PDFPage.mostPoints - 2 * margin) / max(across, down))
      (across, down) = (max(across * shrink, 3), max(down * shrink, 3))
      (width, height) = (across + 2 * margin, down + 2 * margin)
      picture = PixelBox(left: margin, top: margin, right: margin + across, bottom: margin + down)
      return
    }
    let isWide =
      switch options.word(.pageOrientation) {
      case "portrait": false
      case "landscape": true
      default: across > down
      }
    (width, height) = isWide ? (size.height, size.width) : (size.width, size.height)
    // A margin that leaves nothing gives way.
    let (roomX, roomY) = (max(width - 2 * margin, width / 10), max(height - 2 * margin, height / 10))
    switch options.word(.pageFit) {
    case "stretch": (across, down) = (roomX, roomY)
    case let fit:
      var factor = min(roomX / across, roomY / down)
      if fit == "shrink" { factor = min(factor, 1) }
      (across, down) = (across * factor, down * factor)
    }
    let (left, top) = ((width - across) / 2, (height - down) / 2)
    picture = PixelBox(left: left, top: top, right: left + across, bottom: top + down)
  }

  /// The drawing of the picture, turned in place when the stored one has to be.
  func content(_ turn: Orientation) -> String {
    let (swaps, mirrorsX, mirrorsY) = turn.steps
    let (across, down) = (picture.width, picture.height)
    // From below, as a page counts.
    let (x, y) = (picture.left, height - picture.bottom)
    let matrix =
      swaps
      ? [
        0, mirrorsY ? down : -down, mirrorsX ? across : -across, 0, mirrorsX ? x : x + across,
        mirrorsY ? y : y + down,
      ]
      : [
        mirrorsX ? -across : across, 0, 0, mirrorsY ? -down : down, mirrorsX ? x + across : x,
        mirrorsY ? y + down : y,
      ]
    return "q \(matrix.map(PDFPage.number).joined(separator: " ")) cm /Im Do Q"
  }

  /// A number with three decimals at most, as PDF writes it.
  static func number(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let (whole, rest) = abs(thousandths).quotientAndRemainder(dividingBy: 1000)
    let sign = thousandths < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    let digits = String(rest)
    return "\(sign)\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}
