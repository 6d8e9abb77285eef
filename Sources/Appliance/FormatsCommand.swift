import Basics
import Conversion

/// The command `wonder formats`.
enum FormatsCommand {
  static let command = Command(
    "formats", "lists what can be converted into what on this machine", operands: "[FROM]", count: 0...1,
    options: [AdminCommands.json], examples: ["wonder formats", "wonder formats png --json"]
  ) { call in
    var pairs = Catalogue.standard.pairs
    if let name = call.operands.first {
      guard let format = Format.named(name) else {
        let names = Catalogue.standard.sources.map(\.name).joined(separator: ", ")
        throw UsageFailure("\"\(name)\" cannot be read here; the formats are \(names)")
      }
      pairs = pairs.filter { $0.from == format }
    }
    let rows = JSONValue.array(
      pairs.map {
        .object([("from", .string($0.from.name)), ("to", .string($0.to.name)), ("engine", .string("built in"))])
      })
    if call["--json"] != nil {
      call.console.out(rows.text)
    } else {
      Printing.table(rows, [.init("FROM", "from"), .init("TO", "to"), .init("ENGINE", "engine")], to: call.console)
    }
    return .done
  }
}
