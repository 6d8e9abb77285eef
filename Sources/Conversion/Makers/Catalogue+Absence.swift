package import Formats

extension Catalogue {
  /// The program whose absence keeps this pair from being made, on the cheapest way that there would be; nil for one that
  /// is made, or that no program would make.
  ///
  /// A source of nil is a file of any format.
  package func absent(
    from source: Format?, to target: Format, options: ConversionOptions = ConversionOptions()
  ) -> Absence? {
    guard !missing.isEmpty || !broken.isEmpty else { return nil }
    if let source {
      guard path(from: source, to: target, options: options) == nil else { return nil }
      return whole.find().path(from: source, to: target, options: options)?.lazy.compactMap { absence(of: $0.maker) }
        .first
    }
    guard byTarget[target] == nil else { return nil }
    return whole.find().byTarget[target]?.lazy.compactMap { absence(of: $0.maker) }.first
  }

  /// Every pair that programs would bring which are not here or do not work.
  package var lacking: [(from: Format, to: Format, absence: Absence)] {
    guard !missing.isEmpty || !broken.isEmpty else { return [] }
    return whole.find().pairs.compactMap { pair in
      guard !formats(from: pair.from).contains(pair.to) else { return nil }
      return absent(from: pair.from, to: pair.to).map { (pair.from, pair.to, $0) }
    }
  }

  /// What a maker lacks here.
  package func absence(of maker: any Maker) -> Absence? {
    guard let tool = maker as? any ProgramMaker else { return nil }
    if let program = found.missing(for: tool) { return Absence(program: program, isBroken: false) }
    return broken.contains { $0.kind == tool.kind } ? Absence(program: tool.program, isBroken: true) : nil
  }
}
