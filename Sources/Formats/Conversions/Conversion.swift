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
}

extension Conversion {
  /// With those options alone that are meant for a step, after which others come.
  package func keeping(_ step: Step, before later: ArraySlice<Step> = []) -> Conversion {
    var some = self
    some.options = options.filter { name in
      step.offer.reach(of: name).map { $0 != .last || !Conversion.anyUnderstands(name, later) } ?? false
    }
    return some
  }

  /// With what a step leaves for those that come after it.
  package func leaving(_ step: Step, before later: ArraySlice<Step> = []) -> Conversion {
    var some = self
    some.options = options.filter { name in
      guard let reach = step.offer.reach(of: name) else { return true }
      return reach != .first && Conversion.anyUnderstands(name, later)
    }
    return some
  }

  private static func anyUnderstands(_ name: String, _ steps: ArraySlice<Step>) -> Bool {
    steps.contains { $0.offer.understands(name) }
  }
}
