package import Basics
import Conversion
import Formats

/// What this server converts into what, and with which options; each dialect shows it in its own document.
package struct FormatList: Sendable {
  /// A format that can be read, and what can be made of it.
  package struct Source: Sendable {
    package let name: String
    package let title: String
    package let mediaType: String
    package let category: String
    package let aliases: [String]
    package let targets: [String]
    package let offers: [Offer]
  }

  /// Targets that one maker makes with the same options.
  package struct Offer: Sendable {
    package let targets: [String]
    package let maker: String
    package let options: [String]
  }

  /// What a program would make that is not here.
  package struct Missing: Sendable {
    package let program: String
    package let package: String
    package let sources: [String]
    package let targets: [String]
    /// True when it is here and does not work.
    package let isBroken: Bool
  }

  private let catalogue: Catalogue

  init(catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// The media type of a format by its name or an alias.
  package func mediaType(of name: String) -> String { Format.named(name)?.mediaType ?? "application/octet-stream" }

  package var sources: [Source] {
    catalogue.sources.map { source in
      Source(
        name: source.name, title: source.title, mediaType: source.mediaType, category: source.category.rawValue,
        aliases: source.aliases, targets: catalogue.formats(from: source).map(\.name),
        offers: offers(source))
    }
  }

  /// By maker and options, in the order of the first target.
  private func offers(_ source: Format) -> [Offer] {
    var found: [(maker: String, options: [String], targets: [String])] = []
    for target in catalogue.formats(from: source) {
      let steps = catalogue.offers(from: source, to: target)
      var makers: [String] = []
      for step in steps where !makers.contains(step.maker.name) { makers.append(step.maker.name) }
      let maker = makers.joined(separator: ", ")
      let options = Set(steps.flatMap(\.offer.options).map(\.name)).sorted()
      if let index = found.firstIndex(where: { $0.maker == maker && $0.options == options }) {
        found[index].targets.append(target.name)
      } else {
        found.append((maker, options, [target.name]))
      }
    }
    return found.map { Offer(targets: $0.targets, maker: $0.maker, options: $0.options) }
  }

  /// The lane and the makers of a conversion as it would be done now, by their names.
  package func way(from source: String, to target: String) -> (lane: String, makers: String) {
    let steps = Format.named(target).flatMap {
      catalogue.steps(of: Conversion(from: Format.named(source), to: $0, options: ConversionOptions()))
    }
    var makers: [String] = []
    for step in steps ?? [] where !makers.contains(step.maker.name) { makers.append(step.maker.name) }
    let lane = steps?.map(\.maker.lane).max { $0.rawValue < $1.rawValue } ?? .quick
    return ("\(lane)", makers.isEmpty ? "none" : makers.joined(separator: ", "))
  }

  package var missing: [Missing] {
    (catalogue.missing + catalogue.broken).flatMap { tool in
      let program = catalogue.found.missing(for: tool) ?? tool.program
      return tool.offers.filter { $0.deed == nil }.map { offer in
        Missing(
          program: program.name, package: program.package, sources: (offer.from ?? []).map(\.name),
          targets: offer.to.map(\.name), isBroken: catalogue.found.missing(for: tool) == nil)
      }
    }
  }

  /// A format that can be made.
  package struct Target: Sendable {
    package let name: String
    package let category: String
    /// The options that one maker or another of it understands.
    package let options: [String]
  }

  package var targets: [Target] {
    catalogue.targets.map { target in
      Target(
        name: target.name, category: target.category.rawValue,
        options: catalogue.understood(from: nil, to: target).sorted())
    }
  }

  /// The name of a format by an alias; nil when there is none.
  package func name(of alias: String) -> String? { Format.named(alias)?.name }

  /// The same, and what kind of format it is.
  package func category(of alias: String) -> (name: String, category: String)? {
    Format.named(alias).map { ($0.name, $0.category.rawValue) }
  }

  /// The options that one way or another from a format to a target understands; nil is any format.
  package func options(from source: String?, to target: String) -> Set<String> {
    Format.named(target).map { catalogue.understood(from: source.flatMap(Format.named), to: $0) } ?? []
  }

  /// What a file is that is to become `target`, or to stay what it is, by its first bytes and its name; nil for none that
  /// is known here.
  ///
  /// Blocks; throws `SystemFailure`.
  package func format(ofFileAt path: String, named name: String, to target: String? = nil) throws -> String? {
    let type = try Sniffer.type(ofFileAt: path)
    guard let target = target.flatMap(Format.named) else { return type.best(named: name)?.name }
    return catalogue.source(type, named: name, to: target)?.name
  }

  /// The options with their values and defaults.
  package var options: [JSONValue] { catalogue.options.all.map(\.json) }
}
