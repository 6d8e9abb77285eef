import Formats
import Pictures

/// Makes files of web pages by headless Chromium: of an address, of a page in a file, or of one that came with its pictures and
/// styles in an archive.
struct Chromium: PageMaker {
  let lane = Lane.page
  let drawsText = true
  let program: Program
  /// The small browser without windows comes first, for the whole one calls its makers.
  private let cost: Int

  /// Less than LibreOffice takes, and more than what is built in.
  private static let cost = 36

  static let all = [
    Chromium(Program("chromium-headless-shell", package: "chromium-headless-shell"), cost: cost),
    Chromium(Program("chromium", package: "chromium"), cost: cost + 1),
  ]

  private init(_ program: Program, cost: Int) {
    self.program = program
    self.cost = cost
  }

  var name: String { program.name }

  var offers: [Offer] {
    let pictures: [Format] = [.png, .jpeg, .webp]
    let kept: [Format] = [.html, .mhtml]
    return [Format.url, .html].map { offer(from: $0, to: [.pdf], ConversionOption.printing) } + [
      offer(from: .url, to: [.png], ConversionOption.picturing),
      offer(from: .url, to: Array(pictures.dropFirst()), ConversionOption.picturing + [.quality]),
      offer(from: .html, to: [.png], ConversionOption.picturing),
      offer(from: .html, to: Array(pictures.dropFirst()), ConversionOption.picturing + [.quality]),
      offer(from: .url, to: [.json], [], deed: LinkConverter.deed),
      offer(from: .url, to: kept, []), offer(from: .html, to: [.mhtml], []),
      offer(from: .zip, to: [.pdf], ConversionOption.printing, standsAlone: true),
      offer(from: .zip, to: pictures, ConversionOption.picturing + [.quality], standsAlone: true),
    ]
  }

  private func offer(
    from: Format, to: [Format], _ own: [ConversionOption], deed: Offer.Deed? = nil, standsAlone: Bool = false
  ) -> Offer {
    Offer(
      from: [from], to: to, options: ConversionOption.opening + own, deed: deed, standsAlone: standsAlone, cost: cost)
  }

  /// A page of its own, for an address would need a server.
  var sample: ToolSample? {
    SampleFile.bytes(of: .html).map { ToolSample(Conversion(from: .html, to: .pdf), $0) }
  }
}
