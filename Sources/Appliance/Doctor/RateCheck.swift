import Basics
import Engine
import Storage

/// Looks how old the newest exchange rates are.
struct RateCheck {
  let settings: Settings

  /// Nil where nobody has brought rates in or asked for any.
  func finding(at now: Timestamp) -> Finding? {
    guard let database = try? Database(path: settings.text(.data) + "/wonder.db", mode: .reading),
      let rates = try? ExchangeRates.all(in: database)
    else { return nil }
    guard let newest = rates.max(by: { $0.day < $1.day }), let day = Moment.read(newest.day, at: now) else {
      guard !settings.text(.ratesURL).isEmpty else { return nil }
      return Finding(.warning, "exchange rates", "none has come from WONDER_RATES_URL yet; the log says why")
    }
    let pairs = rates.count == 1 ? "1 pair" : "\(rates.count) pairs"
    let text = "\(pairs) of currencies, the newest of \(newest.day) by \(newest.source)"
    guard now - day > RateDesk.longestAge else { return Finding(.ok, "exchange rates", text) }
    return Finding(.warning, "exchange rates", "\(text), which is old; `wonder admin rates import` takes newer ones")
  }
}
