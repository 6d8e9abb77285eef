/// Tables of rates: the European Central Bank's, with a column for each currency, and anybody's with a row for each rate.
///
/// Cells may have spaces around them and may stand in quotes; a comma at the end of a row is none of a further cell.
enum RateTable {
  /// Where the rates of a table stand.
  private enum Columns {
    /// The date stands first, and each other column is a currency's.
    case currencies([(index: Int, code: String)])
    case rows(base: Int, quote: Int, rate: Int, date: Int, source: Int?)
  }

  static func read(_ bytes: [UInt8]) throws(RateFault) -> [QuotedRate] {
    var columns: Columns?
    var rates: [QuotedRate] = []
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let cells = cells(of: line)
      if cells.allSatisfy(\.isEmpty) { continue }
      guard let known = columns else {
        columns = try header(cells, number)
        continue
      }
      for (column, code) in places(known) {
        do throws(QuotedRate.Problem) {
          if let rate = try rate(known, cells, column, code) { rates.append(rate) }
        } catch {
          throw RateFault(error.text, line: number, column: column + 1)
        }
      }
      guard rates.count <= RateFile.mostRates else { throw RateFault("it has more than \(RateFile.mostRates) rates") }
    }
    return rates
  }

  private static func cells(of line: ArraySlice<UInt8>) -> [String] {
    let ignored: Set<UInt8> = [0x20, 0x09, 0x0D, UInt8(ascii: "\"")]
    return line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { cell in
      let rest = cell.drop { ignored.contains($0) }
      let end = rest.lastIndex { !ignored.contains($0) }.map { $0 + 1 } ?? rest.startIndex
      return String(decoding: rest[..<end], as: UTF8.self)
    }
  }

  private static func header(_ cells: [String], _ line: Int) throws(RateFault) -> Columns {
    let names = cells.map { $0.lowercased() }
    func index(_ name: String) -> Int? { names.firstIndex(of: name) }
    if let base = index("base"), let quote = index("quote"), let rate = index("rate"), let date = index("date") {
      return .rows(base: base, quote: quote, rate: rate, date: date, source: index("source"))
    }
    let currencies = cells.enumerated().dropFirst().filter { QuotedRate.isCode($0.element) }
    guard names.first == "date", !currencies.isEmpty else {
      throw RateFault(
        "the columns must be Date and currencies, such as Date,USD,JPY, or base,quote,rate,date", line: line)
    }
    return .currencies(currencies.map { ($0.offset, $0.element) })
  }

  /// The columns of a row's rates, with the currency where that has the column's name.
  private static func places(_ columns: Columns) -> [(index: Int, code: String)] {
    switch columns {
    case .currencies(let all): all
    case .rows(_, _, let rate, _, _): [(rate, "")]
    }
  }

  private static func rate(
    _ columns: Columns, _ cells: [String], _ column: Int, _ code: String
  ) throws(QuotedRate.Problem) -> QuotedRate? {
    func cell(_ index: Int) -> String { index < cells.count ? cells[index] : "" }
    return switch columns {
    case .currencies:
      try QuotedRate(base: RateFile.hub, quote: code, day: cell(0), rate: cell(column), source: RateFile.bank)
    case .rows(let base, let quote, _, let date, let source):
      try QuotedRate(
        base: cell(base).uppercased(), quote: cell(quote).uppercased(), day: cell(date), rate: cell(column),
        source: source.map(cell).flatMap { $0.isEmpty ? nil : $0 })
    }
  }
}
