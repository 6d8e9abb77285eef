import Basics
import Engine
import HTTP
import Storage

/// The exchange rates in the admin API.
struct RatesNoun {
  /// A file of rates in Base64, and what stands around it.
  private static let largest = (RateDesk.mostBytes / 3 + 1) * 4 + (64 << 10)

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/rates", .operator_, list),
      AdminRoute(.post, "/rates", .operator_, bodyLimit: Int64(RatesNoun.largest), take),
      AdminRoute(.post, "/rates/fetch", .operator_, fetch),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let rates = try await parts.blocking.run { [desk = parts.rates] in try desk.all() }
    return .document(
      "rates",
      .array(
        rates.map { rate in
          .object([
            ("base", .string(rate.base)), ("quote", .string(rate.quote)), ("rate", .string(rate.rate)),
            ("day", .string(rate.day)), ("source", .string(rate.source)),
          ])
        }), ("daily", daily()))
  }

  /// From which host the server fetches rates, for the rest of the address may be secret, and how that went.
  private func daily() -> JSONValue {
    guard !parts.dailyRates.url.isEmpty else { return .null }
    let last = parts.dailyRates.last
    return .object([
      ("host", .string(RateDesk.source(of: parts.dailyRates.url))),
      ("fetched_at", last.map { .string("\($0.at)") } ?? .null),
      ("error", last?.error.map(JSONValue.string) ?? .null),
    ])
  }

  /// Fetches from `WONDER_RATES_URL` now and not only with the next day.
  @Sendable private func fetch(_ visitor: Visitor, _ request: Request) async throws -> Response {
    RatesNoun.describe(
      try await parts.blocking.run { [rates = parts.dailyRates] in try rates.fetch(by: visitor.actor) })
  }

  /// Takes the rates of `content`, in Base64, or of the file at `url`.
  @Sendable private func take(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: RatesNoun.largest)
    let imported = try await parts.blocking.run { [desk = parts.rates, fetcher = parts.rateFetcher] in
      let document = (try? JSONReader.parse(bytes, from: .client)) ?? .null
      let url = document["url"]?.string
      let content = document["content"]?.string.flatMap { Base64.decode($0) }
      guard let file = try content ?? url.map({ try fetcher.fetch($0) }) else {
        throw Refusal.invalidFields.naming([.init("content", "or url is required: a file in Base64, or where it is")])
      }
      let source = document["source"]?.string ?? url.map(RateDesk.source) ?? "import"
      return try desk.take(file, source: source, by: visitor.actor)
    }
    return RatesNoun.describe(imported)
  }

  private static func describe(_ imported: RateDesk.Imported) -> Response {
    .document(
      "imported",
      .object([
        ("rates", .integer(Int64(imported.rates))), ("pairs", .integer(Int64(imported.pairs))),
        ("first_day", .string(imported.firstDay)), ("last_day", .string(imported.lastDay)),
      ]))
  }
}
