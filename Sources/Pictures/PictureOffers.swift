import Formats

private let pictures = PictureSource.all.map(\.format)

extension ImageConverter {
  var name: String { "built in" }

  /// Every picture format into every other with every option of pictures: forms have all their fields whatever the
  /// target is, so one that has no effect on it is taken all the same.
  var offers: [Offer] {
    [
      Offer(
        from: pictures, to: PictureTarget.all.map(\.format), options: ConversionOption.pictures, overlays: pictures)
    ]
  }
}

extension PageConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [
      Offer(
        from: pictures, to: [.pdf], options: ConversionOption.pictures,
        deed: .init(.merge, targets: "several pictures become the pages of a pdf", count: "several files are merged"),
        gathers: 1...ConversionFiles.mostSources, overlays: pictures)
    ]
  }
}

extension ComparisonConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [
      Offer(
        from: pictures, to: [.json, .png], options: [.allowDamaged, .autoOrient],
        deed: .init(
          .compare, targets: "a comparison is made as json (its measures) or png (the difference)",
          count: "exactly two pictures are compared"),
        gathers: 2...2, standsAlone: true)
    ]
  }
}

extension MetadataConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [Offer(from: pictures, to: [.json], options: [.allowDamaged], standsAlone: true)]
  }
}
