import DataFormats

/// The European Central Bank's XML: an envelope with a `Cube` for each day (`time`), which has one for each currency
/// (`currency`, `rate`).
enum RateMarkup {
  static func read(_ bytes: [UInt8]) throws -> [QuotedRate] {
    let parser = XMLParser(ByteFeed(bytes))
    var rates: [QuotedRate] = []
    var day: String?
    do {
      while let event = try parser.next() {
        guard case .start(let name, let attributes) = event, name.split(separator: ":").last == "Cube" else { continue }
        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        if let time = value("time") { day = time }
        guard let currency = value("currency"), let rate = value("rate") else { continue }
        if let found = try quoted(currency, rate, day, parser.place) { rates.append(found) }
        guard rates.count <= RateFile.mostRates else {
          throw RateFault("it has more than \(RateFile.mostRates) rates")
        }
      }
    } catch let fault as DataFault {
      throw RateFault(fault.problem, line: fault.line, column: fault.column)
    }
    return rates
  }

  private static func quoted(
    _ currency: String, _ rate: String, _ day: String?, _ place: (line: Int, column: Int)
  ) throws(RateFault) -> QuotedRate? {
    do throws(QuotedRate.Problem) {
      return try QuotedRate(
        base: RateFile.hub, quote: currency, day: day ?? "", rate: rate, source: RateFile.bank)
    } catch {
      throw RateFault(error.text, line: place.line, column: place.column)
    }
  }
}
