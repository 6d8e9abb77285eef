import Basics
import Conversion
import Formats

/// The command `wonder formats`.
enum FormatsCommand {
  static let command = Command(
    "formats", "lists what can be converted into what here: and with which options", operands: "[FROM]",
    count: 0...1,
    options: [
      Command.Option("--options", nil, "lists the options of conversions instead"),
      Command.Option("--missing", nil, "lists what could be converted with programs that are not here instead"),
      AdminCommands.json,
    ],
    examples: ["wonder formats", "wonder formats png --json", "wonder formats --options", "wonder formats --missing"]
  ) { call in
    let catalogue = try MachineCatalogue(call.settings).now
    var pairs = catalogue.pairs
    var source: Format?
    if let name = call.operands.first {
      guard let format = Format.named(name) else {
        throw UsageFailure("\"\(name)\" is not known here\(ConversionOrder.choice(name, Format.all))")
      }
      pairs = pairs.filter { $0.from == format }
      source = format
    }
    if call["--missing"] != nil {
      show(
        missing(catalogue, source), call,
        [.init("FROM", "from"), .init("TO", "to"), .init("BY", "program"), .init("DEBIAN PACKAGE", "package")])
      return .done
    }
    if call["--options"] != nil {
      show(
        options(catalogue, pairs), call,
        [
          .init("OPTION", "name"), .init("DEFAULT", "default"), .init("VALUES", "values"),
          .init("WHAT IT DOES", "summary"), .init("FOR", "to"),
        ])
      return .done
    }
    // What any file can become is shown once, not for each format.
    let rows =
      pairs.map { ($0.from.name, $0.to.name, engine(catalogue.offers(from: $0.from, to: $0.to))) }
      + catalogue.formatsOfAnyFile.map { ("any", $0.name, "built in") }
    show(
      .array(rows.map { .object([("from", .string($0.0)), ("to", .string($0.1)), ("engine", .string($0.2))]) }), call,
      [.init("FROM", "from"), .init("TO", "to"), .init("ENGINE", "engine")])
    let packages = Set(catalogue.missing.map(\.program.package)).sorted().joined(separator: ", ")
    if !packages.isEmpty {
      call.console.error(
        "wonder formats: more with the Debian packages \(packages); `wonder formats --missing` lists what")
    }
    return .done
  }

  private static func missing(_ catalogue: Catalogue, _ source: Format?) -> JSONValue {
    .array(
      catalogue.lacking.filter { source == nil || $0.from == source }.map { pair in
        .object([
          ("from", .string(pair.from.name)), ("to", .string(pair.to.name)),
          ("program", .string(pair.absence.program.name)), ("package", .string(pair.absence.program.package)),
        ])
      })
  }

  /// The makers of a pair, one after the other where it takes several.
  private static func engine(_ steps: [Step]) -> String {
    var names: [String] = []
    for step in steps where !names.contains(step.maker.name) { names.append(step.maker.name) }
    return names.joined(separator: ", ")
  }

  /// Each option with the targets that it is understood for.
  private static func options(_ catalogue: Catalogue, _ pairs: [(from: Format, to: Format)]) -> JSONValue {
    var targets: [String: [Format]] = [:]
    for pair in pairs {
      for option in catalogue.offers(from: pair.from, to: pair.to).flatMap(\.offer.options)
      where !(targets[option.name] ?? []).contains(pair.to) {
        targets[option.name, default: []].append(pair.to)
      }
    }
    return .array(
      catalogue.options.all.compactMap { option in
        guard let understood = targets[option.name] else { return nil }
        let names = understood.map(\.name).joined(separator: " ")
        return .object((option.json.members ?? []) + [("to", .string(names))])
      })
  }

  private static func show(_ rows: JSONValue, _ call: Invocation, _ columns: [Printing.Column]) {
    if call["--json"] != nil {
      call.console.out(rows.text)
    } else {
      Printing.table(rows, columns, to: call.console)
    }
  }
}
