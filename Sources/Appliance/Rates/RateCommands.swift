import Basics
import Engine

/// The `admin` commands about exchange rates.
enum RateCommands {
  static let all: [Command] = [
    take,
    AdminCommands.listing(
      "admin rates list", "lists the newest rate of each pair of currencies", path: { _ in "/rates" }, member: "rates",
      columns: [
        .init("BASE", "base"), .init("QUOTE", "quote"), .init("RATE", "rate"), .init("DAY", "day"),
        .init("SOURCE", "source"),
      ], examples: ["wonder admin rates list"]),
  ]

  private static let take = Command(
    "admin rates import",
    "takes exchange rates: the ECB's XML, CSV and ZIP, or a table with base,quote,rate,date",
    operands: "FILE|URL|-", count: 1...1,
    options: [
      .init("--source", "NAME", "who says them, where the file does not (its name, or the host)"), AdminCommands.json,
    ],
    examples: [
      "wonder admin rates import https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml",
      "wonder admin rates import eurofxref-hist.zip",
    ]
  ) { call in
    AdminCommands.show(try AdminCommands.ask(call, "POST", "/rates", body(call))["imported"], call)
    return .done
  }

  /// An address is fetched by the server, whose connections go where its settings let them; a file is read here.
  private static func body(_ call: Invocation) throws -> JSONValue {
    let place = call.operands[0]
    var members: [(name: String, value: JSONValue)] = []
    var source = call["--source"]
    if place.hasPrefix("http://") || place.hasPrefix("https://") {
      members.append(("url", .string(place)))
    } else {
      members.append(("content", .string(Base64.encode(try InputFile.bytes(place, atMost: RateDesk.mostBytes)))))
      if place != "-" { source = source ?? place.split(separator: "/").last.map(String.init) }
    }
    if let source { members.append(("source", .string(source))) }
    return .object(members)
  }
}
