import Basics
import Engine
import Glibc

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
    if place.hasPrefix("http://") || place.hasPrefix("https://") {
      members.append(("url", .string(place)))
    } else {
      members.append(("content", .string(Base64.encode(try read(place)))))
      let name = place.split(separator: "/").last.map(String.init)
      if place != "-", let name { members.append(("source", .string(name))) }
    }
    if let source = call["--source"] { members.append(("source", .string(source))) }
    return .object(members)
  }

  private static func read(_ place: String) throws -> [UInt8] {
    let file = try InputFile.open(place)
    defer { close(file) }
    var facts = stat()
    try check("fstat", place) { fstat(file, &facts) }
    guard facts.st_size <= RateDesk.mostBytes else {
      throw UsageFailure("\(place) has more than \(RateDesk.mostBytes >> 20) MB")
    }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = try check("pread", place) {
        bytes.withUnsafeMutableBytes { buffer in
          pread(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(filled))
        }
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }
}
