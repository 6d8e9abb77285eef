/// What is to be done with one file, or with several together.
package struct Conversion: Sendable, Hashable {
  /// What every source has to be; nil takes each for what its first bytes say, so that sources may differ.
  package var from: Format?
  package var to: Format
  package var options: ConversionOptions
  /// A tighter limit than the server's, when the client's plan or dialect has one.
  package var maxPixels: Int?
  /// What the sources are called in an archive, one for each; without names they are numbered.
  package var names: [String]

  package init(
    from: Format?, to: Format, options: ConversionOptions = ConversionOptions(), maxPixels: Int? = nil,
    names: [String] = []
  ) {
    self.from = from
    self.to = to
    self.options = options
    self.maxPixels = maxPixels
    self.names = names
  }

  /// True when all sources together make one output; else each makes one of its own.
  package var isJoint: Bool {
    to == .zip || options.flag(.compare) || (to == .pdf && options.flag(.merge))
  }

  /// True when pixels are written, which a second thread can be ahead of.
  var writesPicture: Bool { PictureTarget.all.contains { $0.format == to } && !options.flag(.compare) }

  /// What keeps this conversion from being done with so many sources, and the option that is to blame when one is;
  /// nil when nothing does.
  ///
  /// What the sources hold is not looked at; `text` is fit for the client.
  package func problem(sources: Int, hasOverlay: Bool) -> (option: String?, text: String)? {
    guard sources > 0 else { return (nil, "at least one file is needed") }
    if options.flag(.compare) {
      let name = ConversionOption.compare.name
      guard to == .json || to == .png else {
        return (name, "a comparison is made as json (its measures) or png (the difference), not as \(to.name)")
      }
      guard sources == 2 else { return (name, "exactly two pictures are compared, not \(sources)") }
    }
    if options.flag(.merge), to != .pdf {
      return (ConversionOption.merge.name, "several pictures become the pages of a pdf, not of \(to.name)")
    }
    if isJoint, sources > ConversionFiles.mostSources {
      return (nil, "at most \(ConversionFiles.mostSources) files go into one output, not \(sources)")
    }
    if hasOverlay, options.flag(.compare) || !PictureTarget.all.contains(where: { $0.format == to }) {
      return (nil, "a watermark goes onto pictures and the pages of a pdf only")
    }
    if to == .zip, !names.isEmpty, names.count != sources {
      return (nil, "an archive needs one name for each file: \(names.count) names for \(sources) files")
    }
    return nil
  }
}
