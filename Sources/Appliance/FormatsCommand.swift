import Basics
import Conversion

/// The command `wonder formats`.
enum FormatsCommand {
  static let command = Command(
    "formats", "lists what can be converted into what on this machine, and with which options", operands: "[FROM]",
    count: 0...1,
    options: [
      Command.Option("--options", nil, "lists the options of conversions instead"), AdminCommands.json,
    ],
    examples: ["wonder formats", "wonder formats png --json", "wonder formats --options"]
  ) { call in
    if call["--options"] != nil {
      show(
        options, call,
        [
          .init("OPTION", "name"), .init("DEFAULT", "default"), .init("VALUES", "values"),
          .init("WHAT IT DOES", "summary"),
        ])
      return .done
    }
    var pairs = Catalogue.standard.pairs
    if let name = call.operands.first {
      guard let format = Format.named(name) else {
        let names = Format.all.map(\.name).joined(separator: ", ")
        throw UsageFailure("\"\(name)\" is not known here; the formats are \(names)")
      }
      pairs = pairs.filter { $0.from == format }
    }
    // What any file can become is shown once, not for each format.
    let names =
      pairs.map { ($0.from.name, $0.to.name) } + Catalogue.standard.formatsOfAnyFile.map { ("any", $0.name) }
    let rows = JSONValue.array(
      names.map { .object([("from", .string($0.0)), ("to", .string($0.1)), ("engine", .string("built in"))]) })
    show(rows, call, [.init("FROM", "from"), .init("TO", "to"), .init("ENGINE", "engine")])
    return .done
  }

  private static var options: JSONValue { .array(ConversionOption.all.map(\.json)) }

  private static func show(_ rows: JSONValue, _ call: Invocation, _ columns: [Printing.Column]) {
    if call["--json"] != nil {
      call.console.out(rows.text)
    } else {
      Printing.table(rows, columns, to: call.console)
    }
  }
}
