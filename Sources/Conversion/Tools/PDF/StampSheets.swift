import Formats
import Glibc

/// A document to lay over another one: for each of its pages one of the same size, with the text of a stamp and the page's number.
struct StampSheets {
  /// Free space at the edges, in points.
  private static let margin = 36.0
  private static let numberSize = 10.0
  private static let largestSize = 72.0
  /// How much of Helvetica's size its capitals take, and how far other letters go below the line.
  private static let rise = 0.718
  private static let fall = 0.207

  private let options: ConversionOptions
  private let stamp: StampText?
  private let numbering: PageNumbering?

  init(_ options: ConversionOptions, pages: Int) {
    self.options = options
    stamp = options.word(.stampText).flatMap { StampText($0) }
    numbering = options.flag(.pageNumbers) ? PageNumbering(options, pages: pages) : nil
  }

  /// The document; `stamped` are the pages that the stamp goes onto, `numbered` those that get their number.
  func document(_ pages: [DocumentFacts.Page], stamped: Set<Int>, numbered: Set<Int>) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var places: [Int] = []
    func add(_ body: String) {
      places.append(bytes.count)
      bytes += Array("\(places.count) 0 obj\n\(body)\nendobj\n".utf8)
    }
    let kids = pages.indices.map { "\(5 + 2 * $0) 0 R" }.joined(separator: " ")
    add("<< /Type /Catalog /Pages 2 0 R >>")
    add("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
    add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    add("<< /Type /ExtGState /ca \(Self.number(opacity)) >>")
    for (index, page) in pages.enumerated() {
      add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Self.number(page.width)) \(Self.number(page.height))] "
          + "/Contents \(6 + 2 * index) 0 R "
          + "/Resources << /Font << /F 3 0 R >>\(isOpaque ? "" : " /ExtGState << /G 4 0 R >>") >> >>")
      let content = content(
        page, isStamped: stamped.contains(page.number), isNumbered: numbered.contains(page.number))
      add("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    }
    let table = bytes.count
    bytes += Array("xref\n0 \(places.count + 1)\n0000000000 65535 f \n".utf8)
    for place in places {
      let digits = String(place)
      bytes += Array("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n".utf8)
    }
    bytes += Array("trailer\n<< /Size \(places.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    return bytes
  }

  private func content(_ page: DocumentFacts.Page, isStamped: Bool, isNumbered: Bool) -> String {
    var parts: [String] = []
    if let stamp, isStamped { parts.append(line(of: stamp, on: page)) }
    if let numbering, isNumbered {
      let place = PagePlace(options.word(.pageNumberPosition))
      parts.append("0 g " + line(numbering.text(of: page.number), Self.numberSize, 0, place, page, Self.margin / 2))
    }
    return parts.map { "q \($0) Q" }.joined(separator: "\n")
  }

  private func line(of stamp: StampText, on page: DocumentFacts.Page) -> String {
    let isDiagonal = options.flag(.stampDiagonal)
    let turn = isDiagonal ? -atan2(page.height, page.width) * 180 / .pi : Double(options.whole(.stampRotation) ?? 0)
    let size = options.whole(.stampSize).map(Double.init) ?? size(of: stamp, turn, page)
    let colour = options.colour(.stampColour) ?? .white
    // Where nothing may shine through, the colour is paler instead.
    let cover = isOpaque ? opacity : 1
    let samples = [colour.red, colour.green, colour.blue].map { (sample: UInt8) -> String in
      let share = Double(sample) / 255
      return Self.number(1 - cover + cover * share)
    }
    let place = PagePlace(isDiagonal ? "center" : options.word(.stampPosition))
    return "\(isOpaque ? "" : "/G gs ")\(samples.joined(separator: " ")) rg "
      + line(stamp, size, turn, place, page, Self.margin)
  }

  private var opacity: Double { Double(options.whole(.stampOpacity) ?? 100) / 100 }

  /// The first part of PDF/A has no transparency, so that a page with some would become a picture.
  private var isOpaque: Bool { opacity == 1 || options.word(.archival) == "1b" }

  /// The largest size of which the turned line takes four fifths of the room.
  private func size(of stamp: StampText, _ turn: Double, _ page: DocumentFacts.Page) -> Double {
    let box = Self.box(of: stamp, 1, turn)
    let room = (width: page.width * 0.8, height: page.height * 0.8)
    return max(1, min(room.width / box.width, room.height / box.height, Self.largestSize))
  }

  /// Sides of what a turned line takes.
  private static func box(of text: StampText, _ size: Double, _ turn: Double) -> (width: Double, height: Double) {
    let (width, height) = (text.width * size, (rise + fall) * size)
    let (sine, cosine) = (abs(sin(turn * .pi / 180)), abs(cos(turn * .pi / 180)))
    return (width * cosine + height * sine, width * sine + height * cosine)
  }

  /// A line that is turned clockwise about its middle.
  private func line(
    _ text: StampText, _ size: Double, _ turn: Double, _ place: PagePlace, _ page: DocumentFacts.Page, _ margin: Double
  ) -> String {
    let centre = place.centre(
      of: Self.box(of: text, size, turn), on: (page.width, page.height), margin: margin)
    let (sine, cosine) = (sin(-turn * .pi / 180), cos(-turn * .pi / 180))
    let (left, down) = (text.width * size / 2, (Self.rise - Self.fall) * size / 2)
    let x = centre.x - left * cosine + down * sine
    let y = centre.y - left * sine - down * cosine
    let matrix = [cosine, sine, -sine, cosine, x, y].map(Self.number).joined(separator: " ")
    let codes = text.bytes.map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
    return "BT /F \(Self.number(size)) Tf \(matrix) Tm <\(codes)> Tj ET"
  }

  /// A number with five decimals at most; pages larger than any reader takes are taken for the largest.
  private static func number(_ value: Double) -> String {
    let value = value.isFinite ? min(max(value, -1e6), 1e6) : 0
    let parts = Int((value * 100_000).rounded()).magnitude.quotientAndRemainder(dividingBy: 100_000)
    let digits = String(100_000 + parts.remainder).dropFirst()
    return "\(value < 0 ? "-" : "")\(parts.quotient).\(digits)"
  }
}
