import Formats

extension LinkConverter {
  var name: String { "built in" }

  static let deed = Offer.Deed(links, targets: "what a page leads to is told as json", count: "")

  var offers: [Offer] {
    [
      Offer(
        from: [.html, .xml], to: [.json], options: [LinkConverter.base], deed: LinkConverter.deed, standsAlone: true),
      Offer(from: [.txt], to: [.json], deed: LinkConverter.deed, standsAlone: true),
    ]
  }

  static let links = ConversionOption(
    "links", .flag, .flag(false), "tells what a page, a feed or a list of pages for search engines leads to")
  static let base = ConversionOption(
    "base", .text(valid: "an address with http or https of up to 2048 bytes", passes: isAddress), nil,
    "the address of a page, against which links tells what its relative ones mean; a base of its own goes before it")

  /// How many bytes an address may have against which others are read.
  static let longestBase = 2048

  @Sendable
  private static func isAddress(_ text: String) -> Bool {
    text.utf8.count <= longestBase && WebAddress(written: text).isWeb
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
