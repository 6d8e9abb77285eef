import Basics
import Engine
import HTTP
import Storage

/// Amounts of one currency in another, by the rates that the operator has brought in.
///
/// "amount", "from" and "to", `precision` 0 to 12 (6), `idempotencyKey` of at most 128 characters [docs]; in the example of
/// the vendor's guide `id` is that key.
struct ConvertlyCurrency: Sendable {
  private static let largest = 16 << 10
  private static let usualDigits: Int64 = 6
  private static let longestKey = 128

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/currency/convert", .submit, needing: [], bodyLimit: Int64(ConvertlyCurrency.largest), convert)
    ]
  }

  @Sendable private func convert(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: ConvertlyCurrency.largest)
    let wish = try await ClientDocument.read(bytes, on: parts.jobs.blocking) { members in
      try ConvertlyCurrency.wish(members, bytes)
    }
    let exchange = try await parts.jobs.exchanges.exchange(holder.workspace.id, wish)
    var writer = JSONWriter()
    writer.object { ConvertlyCurrency.tell(exchange, parts.jobs.store.identifiers, to: &$0) }
    return .json(.ok, writer.bytes)
  }

  private static func wish(_ members: ClientDocument.Members, _ bytes: [UInt8]) throws -> ExchangeDesk.Wish {
    let document = JSONValue.object(members)
    var wrong = WrongFields()
    let amount = amount(document["amount"], bytes)
    if amount == nil {
      wrong.append(
        "amount",
        "is required: a decimal number such as \"149.90\", of at most \(Decimal.mostDigits) digits and no exponent")
    }
    let codes = ["from", "to"].map { name in
      let code = document[name]?.string?.uppercased() ?? ""
      let isCode = code.utf8.count == 3 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
      if !isCode { wrong.append(name, "is required: a currency by its three letters, such as EUR") }
      return code
    }
    let digits = document["precision"].map { $0 == .null ? usualDigits : $0.integer ?? -1 } ?? usualDigits
    if !(0...Int64(ExchangeDesk.mostDigits)).contains(digits) {
      wrong.append("precision", "must be a whole number from 0 to \(ExchangeDesk.mostDigits)")
    }
    let key = document["idempotencyKey"].flatMap { $0 == .null ? nil : $0.string ?? "" }
    if let key, key.isEmpty || key.unicodeScalars.count > longestKey {
      wrong.append("idempotencyKey", "must be a text of 1 to \(longestKey) characters")
    }
    guard wrong.isEmpty, let amount else { throw Refusal.invalidFields.naming(wrong) }
    return ExchangeDesk.Wish(amount: amount, from: codes[0], to: codes[1], digits: Int(digits), key: key)
  }

  /// A text, or a number as it stands in the body: read into a binary fraction it would be another one.
  private static func amount(_ value: JSONValue?, _ bytes: [UInt8]) -> Decimal? {
    if let text = value?.string { return Decimal(text) }
    guard let number = value?.decimal else { return nil }
    let name = Array(#""amount""#.utf8)
    for start in bytes.indices where bytes[start...].starts(with: name) {
      let rest = bytes[(start + name.count)...].drop { [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ":")].contains($0) }
      let written = String(decoding: rest.prefix { digits.contains($0) }, as: UTF8.self)
      // A member of that name deeper in the document has another value, or is as good.
      if let amount = Decimal(written), Double(written) == number { return amount }
    }
    return nil
  }

  private static let digits = Set("0123456789.-".utf8)

  /// An exchange as answers and webhooks show it; a rate of the other direction is divided by.
  static func tell(_ exchange: Exchange, _ identifiers: PublicIdentifiers, to object: inout JSONWriter) {
    object.member("id", exchange.idempotencyKey ?? ConvertlyNames.text(.exchange, exchange.id, identifiers))
    object.member("object", "currency.conversion")
    object.member("from", exchange.base)
    object.member("to", exchange.quote)
    object.member("amount", exchange.amount)
    object.member("convertedAmount", exchange.result)
    object.member("precision", exchange.digits)
    object.member("rounding", "half-up")
    object.member(
      "ratePath",
      array: { legs in
        for leg in exchange.path {
          legs.object { object in
            object.member("base", leg.rate.base)
            object.member("quote", leg.rate.quote)
            object.member("rate", leg.rate.rate)
            object.member("operation", leg.isInverse ? "divide" : "multiply")
            object.member("asOf", "\(leg.rate.day)T00:00:00Z")
            object.member("source", leg.rate.source)
          }
        }
      })
  }
}
