package import Formats

extension Catalogue {
  /// A conversion goes over no more makers.
  static let mostSteps = 3

  /// The cheapest way on which every option that is asked for is understood by some step; nil when there is none.
  ///
  /// A source of nil is a file of no format that is known here.
  package func path(
    from source: Format?, to target: Format, options: ConversionOptions, allowsSimple: Bool = true
  ) -> [Step]? {
    let asked = options.asked
    let found = directStep(from: source, to: target, options)
    let own = allowsSimple || found?.offer.isSimple != true ? found : nil
    if let own, own.offer.cost <= 1, asked.allSatisfy(own.offer.understands) { return [own] }
    guard let source else {
      return own.flatMap { own in asked.allSatisfy(own.offer.understands) ? [own] : nil }
    }
    var search = PathSearch(catalogue: self, target: target, options: options, allowsSimple: allowsSimple)
    if let own, asked.allSatisfy(own.offer.understands) { search.take([own]) }
    search.go(on: [], from: source)
    return search.best
  }

  /// Who makes this pair in one call, without a look at whether every option is understood.
  func directStep(from source: Format?, to target: Format, _ options: ConversionOptions) -> Step? {
    let steps = direct[Pair(from: source, to: target)] ?? (source == nil ? nil : direct[Pair(from: nil, to: target)])
    return steps?.first { $0.offer.isMeant(by: options) }
  }

  /// The offers behind a pair: what lists show, with the maker of each.
  package func offers(from source: Format, to target: Format) -> [Step] {
    if let own = direct[Pair(from: source, to: target)] ?? direct[Pair(from: nil, to: target)] { return own }
    return path(from: source, to: target, options: ConversionOptions()) ?? []
  }

  /// The names of the options that one way or another to this target understands.
  package func understood(from source: Format?, to target: Format) -> Set<String> {
    guard let source else { return Set((byTarget[target] ?? []).flatMap(\.offer.options).map(\.name)) }
    let steps = direct[Pair(from: source, to: target)] ?? direct[Pair(from: nil, to: target)] ?? []
    let further = formats(from: source).contains(target) && steps.first?.offer.standsAlone != true
    let second = (bySource[source] ?? []).flatMap { bySource[$0.to] ?? [] }
    let more = further ? second.filter { $0.to == target && !$0.offer.isSimple } : []
    let way = path(from: source, to: target, options: ConversionOptions()) ?? []
    return Set((steps + more + way + stays(on: way, from: source)).flatMap(\.offer.options).map(\.name))
  }

  /// The steps that a picture may take on its way without becoming another format, for an option that nothing else on it
  /// understands.
  private func stays(on way: [Step], from source: Format) -> [Step] {
    guard way.count < Catalogue.mostSteps else { return [] }
    let places = Set([source] + way.dropLast().map(\.to)).filter { $0.isRaster && !way.isEmpty }
    return places.flatMap { place in
      (bySource[place] ?? []).filter { $0.to == place && $0.offer.deed == nil && !$0.gathers && !$0.offer.isEnd }
    }
  }

  /// What is wrong with a conversion of so many sources, and the option that is to blame when one is; nil when nothing is.
  ///
  /// What the sources hold is not looked at; `text` is fit for the client.
  package func problem(
    _ conversion: Conversion, sources: Int, hasOverlay: Bool
  ) -> (option: String?, text: String)? {
    guard sources > 0 else { return (nil, "at least one file is needed") }
    guard let steps = steps(of: conversion) else {
      return misunderstood(conversion.options, from: conversion.from, to: conversion.to)
    }
    return problem(steps, conversion, sources: sources, hasOverlay: hasOverlay)
  }

  /// The way of a conversion; where its sources may be of any format, a call that makes its target as it is asked to.
  package func steps(of conversion: Conversion) -> [Step]? {
    let options = conversion.options
    if let source = conversion.from { return path(from: source, to: conversion.to, options: options) }
    let asked = options.asked
    let step = byTarget[conversion.to]?.first {
      $0.offer.isMeant(by: options) && asked.allSatisfy($0.offer.understands)
    }
    return step.map { [$0] }
  }

  /// True when a file of this format, alone, becomes an archive by what is in it, and is not packed as it is.
  package func repacks(_ source: Format?, to target: Format) -> Bool {
    guard let source, Format.packs.contains(target) else { return false }
    return direct[Pair(from: source, to: target)] != nil
  }

  /// The way to go where the maker that one begins with has said that the file is beyond it; nil when there is none.
  package func way(instead steps: [Step], of conversion: Conversion) -> [Step]? {
    guard steps.first?.offer.isSimple == true, let source = steps.first?.from else { return nil }
    return path(from: source, to: conversion.to, options: conversion.options, allowsSimple: false)
  }

  /// What may be laid over what a conversion makes.
  package func overlays(_ conversion: Conversion) -> [Format] {
    let steps = conversion.from == nil ? byTarget[conversion.to] : steps(of: conversion)
    return (steps ?? []).flatMap(\.offer.overlays)
  }

  /// True when all sources together make one output; else each makes one of its own.
  package func gathers(_ conversion: Conversion) -> Bool { steps(of: conversion)?.contains(where: \.gathers) ?? false }

  private func problem(
    _ steps: [Step], _ conversion: Conversion, sources: Int, hasOverlay: Bool
  ) -> (option: String?, text: String)? {
    if let step = steps.first(where: \.gathers), let range = step.offer.gathers, !range.contains(sources) {
      if range.upperBound == ConversionFiles.mostSources, sources > range.upperBound {
        return (nil, "at most \(range.upperBound) files go into one output, not \(sources)")
      }
      return (step.offer.deed?.flag.name, "\(step.offer.deed?.count ?? "more files are needed"), not \(sources)")
    }
    if hasOverlay, steps.allSatisfy(\.offer.overlays.isEmpty) {
      return (nil, "a watermark goes onto pictures and the pages of a pdf only")
    }
    if Format.packs.contains(conversion.to), !conversion.names.isEmpty, conversion.names.count != sources {
      return (nil, "an archive needs one name for each file: \(conversion.names.count) names for \(sources) files")
    }
    return nil
  }

  /// What has to ask for the only way from a source to a target, where it is not asked for.
  private func flag(from source: Format, to target: Format, _ options: ConversionOptions) -> String? {
    guard path(from: source, to: target, options: ConversionOptions()) == nil else { return nil }
    return direct[Pair(from: source, to: target)]?.compactMap(\.offer.deed).first { !options.flag($0.flag) }?.flag.name
  }

  /// Names the first option that is not understood on any way to the target.
  private func misunderstood(
    _ options: ConversionOptions, from source: Format?, to target: Format
  ) -> (option: String?, text: String)? {
    let known = understood(from: source, to: target)
    let strange = options.asked.sorted().first { !known.contains($0) }
    if strange == nil, let source, let flag = flag(from: source, to: target, options) {
      return (flag, "has to be true for \(target.name), which nothing else makes of \(source.name)")
    }
    guard let name = strange ?? options.asked.min() else { return nil }
    let deeds = makers.flatMap(\.offers).compactMap(\.deed).filter { $0.flag.name == name }
    if !known.contains(name), let deed = deeds.first { return (name, "\(deed.targets), not \(target.name)") }
    let others = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
    return (
      name,
      known.contains(name)
        ? "does not go together with the other options for \(target.name)"
        : "is not understood for \(target.name); the options are \(others)"
    )
  }
}
