import Formats

extension HashConverter {
  var name: String { "built in" }

  var offers: [Offer] { [Offer(from: nil, to: Format.sums, standsAlone: true)] }
}

extension ArchiveConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [Offer(from: nil, to: Format.packs, gathers: 1...ConversionFiles.mostSources, standsAlone: true)]
  }
}
