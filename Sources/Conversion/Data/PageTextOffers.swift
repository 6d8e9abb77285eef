import Formats
import Pictures
import Typesetting

extension PageTextConverter {
  var name: String { "built in" }

  /// What is set line by line, as it stands.
  private static let texts: [Format] = [.txt, .json, .ndjson, .xml, .yaml, .toml]
  private static let tables: [Format] = [.csv, .tsv]

  /// Less than LibreOffice takes, and more than a page of a PDF read again as HTML would have to gain by it.
  private static let cost = 35

  var offers: [Offer] {
    [
      offer([.md], [MarkupConverter.extensions]), offer(PageTextConverter.texts, [.encoding]),
      offer(PageTextConverter.tables, [.delimiter, .encoding, DataConverter.header, DataConverter.quote]),
    ]
  }

  private func offer(_ sources: [Format], _ own: [ConversionOption]) -> Offer {
    Offer(
      from: sources, to: [.pdf], options: PageTextConverter.pages + own, isSimple: true, cost: PageTextConverter.cost)
  }

  private static let pages: [ConversionOption] = [
    .firstNumber, font, fontSize, .margin, .pageNumberFormat, .pageNumberPosition, .pageNumbers, .pageOrientation,
    .pageSize, MarkupConverter.title,
  ]

  private static let font = ConversionOption(
    "font", .choice(Typeface.allCases.map(\.rawValue)), nil,
    "letters of a text on the pages of a PDF; else mono for text and data, and sans for Markdown and tables")
  private static let fontSize = ConversionOption(
    "font_size", .whole(5...48), nil,
    "size of the letters of a text on the pages of a PDF, in points; else 10 for text, 10.5 for Markdown, 9 for tables")

  /// How far from the edges of the page a text stands, in millimetres.
  private static let usualMargin = 20

  /// The pages that are asked for.
  static func style(_ options: ConversionOptions) -> PageStyle {
    var style = PageStyle()
    if let size = PaperSize.named(options.word(.pageSize)) { (style.width, style.height) = (size.width, size.height) }
    switch options.word(.pageOrientation) {
    case "landscape": swap(&style.width, &style.height)
    case "portrait": break
    default: style.maySwapSides = true
    }
    style.margin = Double(options.whole(.margin) ?? usualMargin) * PaperSize.millimetre
    style.face = options.word(font).flatMap { Typeface(rawValue: $0) }
    style.size = options.whole(fontSize).map { Double($0) }
    style.title = options.word(MarkupConverter.title)
    if options.flag(.pageNumbers) { style.numbers = numbers(options) }
    return style
  }

  private static func numbers(_ options: ConversionOptions) -> PageNumbers {
    let place = PagePlace(options.word(.pageNumberPosition))
    let sides: [PageNumbers.Side] = [.left, .center, .right]
    return PageNumbers(sides[place.column], isTop: place.row == 0) { page, count in
      PageNumbering(options, pages: count).words(of: page)
    }
  }
}
