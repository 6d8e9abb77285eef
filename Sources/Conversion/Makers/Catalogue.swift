package import Formats

/// The conversions that this server can do: a value made of the makers there are and of the programs that were found.
package struct Catalogue: Sendable {
  struct Pair: Hashable {
    /// Nil is any file, whatever it holds.
    let from: Format?
    let to: Format
  }

  /// What one call can do, what has to be asked for by a flag first.
  let direct: [Pair: [Step]]
  /// The same by what it makes.
  let byTarget: [Format: [Step]]
  /// The same by what it takes, without what stands alone.
  let bySource: [Format: [Step]]
  /// What could be done with all programs.
  let whole: WholeCatalogue
  /// The programs that are here.
  package let found: Toolbox
  /// The makers that can work here, those whose program is not here, and those whose program does not work.
  package let makers: [any Maker]
  package let missing: [any ProgramMaker]
  package let broken: [any ProgramMaker]
  /// The options that the makers understand, and what texts are read by.
  package let options: OptionList
  /// Every pair of two formats, in the order of `Format.all`; what any file can become is not repeated for each.
  package let pairs: [(from: Format, to: Format)]
  /// What `formats` gives; every submission asks for it.
  private let targetsBySource: [Format?: [Format]]
  /// What each format can become that not any file can, and that no flag has to ask for.
  private let usualTargets: [Format: Set<Format>]
  /// The formats that can be looked into, and become more than any file can.
  package let sources: [Format]
  /// The formats that can be made of anything at all.
  package let targets: [Format]

  /// What is built in, on any machine.
  package static let standard = Catalogue(makers: Makers.builtIn)

  /// A tool whose program was not found, or of a kind that does not work, makes nothing; where two makers can do the same,
  /// the one that stands first does.
  package init(makers: [any Maker] = Makers.all, found: Toolbox = Toolbox(), broken: Set<String> = []) {
    let present = makers.filter { maker in
      (maker as? any ProgramMaker).map { found.missing(for: $0) == nil && !broken.contains($0.kind) } ?? true
    }
    self.makers = present
    self.found = found
    let tools = makers.compactMap { $0 as? any ProgramMaker }
    missing = tools.filter { found.missing(for: $0) != nil }
    self.broken = tools.filter { found.missing(for: $0) == nil && broken.contains($0.kind) }
    whole = WholeCatalogue { Catalogue(makers: makers, found: Toolbox(having: tools)) }
    options = OptionList(makers.flatMap(\.offers).flatMap(\.options))
    let steps = present.flatMap(Catalogue.steps)
    direct = Dictionary(grouping: steps) { Pair(from: $0.from, to: $0.to) }.mapValues(Catalogue.deedsFirst)
    byTarget = Dictionary(grouping: steps, by: \.to).mapValues(Catalogue.deedsFirst)
    let bySource = Catalogue.bySource(steps)
    self.bySource = bySource
    let ofAny = Set(steps.filter { $0.from == nil }.map(\.to))
    let atOnce = Dictionary(grouping: steps, by: \.from).mapValues { Set($0.map(\.to)) }
    // Each step is looked at once; from here on formats are enough.
    let next = bySource.mapValues { steps in
      Set(
        steps.filter { $0.offer.deed == nil }.map {
          Hop(
            to: $0.to, needsText: $0.offer.needsText, seeksText: $0.offer.seeksText, isSimple: $0.offer.isSimple)
        })
    }
    let usual = Dictionary(grouping: steps.filter { $0.offer.deed == nil }, by: \.from).mapValues { Set($0.map(\.to)) }
    let ways = Format.all.map { source in (source, Catalogue.reached(from: source, next)) }
    let own = ways.map { source, reached in (source, reached.union(atOnce[source] ?? [])) }
    var targetsBySource: [Format?: [Format]] = [nil: Format.all.filter(ofAny.contains)]
    for (source, targets) in own {
      targetsBySource[source] = Format.all.filter { targets.contains($0) || ofAny.contains($0) }
    }
    self.targetsBySource = targetsBySource
    usualTargets = Dictionary(
      uniqueKeysWithValues: ways.map { source, reached in (source, reached.union(usual[source] ?? [])) })
    pairs = own.flatMap { source, targets in Format.all.filter(targets.contains).map { (from: source, to: $0) } }
    sources = own.filter { !$0.1.isEmpty }.map(\.0)
    targets = Format.all.filter { target in ofAny.contains(target) || own.contains { $0.1.contains(target) } }
  }

  /// The formats that can be made of a file of one format; nil is a file of no format that is known here, which can
  /// still become what any file can.
  package func formats(from source: Format?) -> [Format] { targetsBySource[source] ?? formatsOfAnyFile }

  /// The formats that any file can become, whatever it holds.
  package var formatsOfAnyFile: [Format] { targetsBySource[nil] ?? [] }

  /// True when something here is made by a program of others.
  package var hasTools: Bool { makers.contains { $0 is any ProgramMaker } }

  /// What a file is taken for that is to become `target`: what its name says where that may be and can become it, else
  /// the likeliest that can.
  ///
  /// What a flag has to ask for counts only where it does.
  package func source(
    _ type: Sniffed, named name: String = "", to target: Format, options: ConversionOptions = ConversionOptions()
  ) -> Format? {
    let own = type.best(named: name)
    guard type.isOpen, let own else { return own }
    func can(_ source: Format) -> Bool {
      // Plain text is no table where it is to stay a text.
      if own == .txt, TableConverter.tables.contains(source), TableConverter.texts.contains(target) { return false }
      return usualTargets[source]?.contains(target) ?? false
        || (direct[Pair(from: source, to: target)] ?? []).contains {
          $0.offer.deed != nil && $0.offer.isMeant(by: options)
        }
    }
    // What any file can become, a document becomes as it is, and not as the archive that it is, too.
    return can(own) || own != .gz && formatsOfAnyFile.contains(target) ? own : type.candidates.first(where: can) ?? own
  }

  private static func steps(of maker: any Maker) -> [Step] {
    maker.offers.flatMap { offer in
      (offer.from.map { $0.map(Optional.some) } ?? [nil]).flatMap { source in
        offer.to.map { Step(maker: maker, offer: offer, from: source, to: $0) }
      }
    }
  }

  private static func deedsFirst(_ steps: [Step]) -> [Step] {
    steps.filter { $0.offer.deed != nil } + steps.filter { $0.offer.deed == nil }
  }

  private static func bySource(_ steps: [Step]) -> [Format: [Step]] {
    var found: [Format: [Step]] = [:]
    for step in steps where !step.offer.standsAlone {
      if let from = step.from { found[from, default: []].append(step) }
    }
    return found
  }

  /// A step without its maker.
  private struct Hop: Hashable {
    let to: Format
    let needsText: Bool
    let seeksText: Bool
    let isSimple: Bool
  }

  /// A format on a way, whether there were only pixels before or in it, and whether all were pictures.
  private struct Place: Hashable {
    let format: Format
    let isRaster: Bool
    let isPicture: Bool

    init(_ format: Format, after last: Place? = nil) {
      self.format = format
      isRaster = format.isRaster || last?.isRaster ?? false
      isPicture = format.category == .image && last?.isPicture ?? true
    }
  }

  /// What several steps make of a format, by what one makes of each without being asked for by a flag.
  private static func reached(from source: Format, _ next: [Format: Set<Hop>]) -> Set<Format> {
    var found: Set<Place> = []
    var ends: Set<Format> = []
    var last: Set<Place> = [Place(source)]
    for step in 0..<mostSteps {
      var places: Set<Place> = []
      for place in last {
        for hop in next[place.format] ?? []
        where (!hop.needsText || !place.isRaster) && (!hop.isSimple || step == 0) {
          if !hop.seeksText { places.insert(Place(hop.to, after: place)) }
          if hop.seeksText && place.isPicture { ends.insert(hop.to) }
        }
      }
      last = places.subtracting(found)
      found.formUnion(last)
    }
    let all = ends.union(found.map(\.format))
    // A way comes back to where it began only with pictures, as `PathSearch` has it.
    return source.isRaster ? all : all.subtracting([source])
  }
}
