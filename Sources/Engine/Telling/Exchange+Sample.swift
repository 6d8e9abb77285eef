import Basics
import Storage

extension Exchange {
  /// What an exchange looks like; it has no row.
  static func sample(_ workspace: Int64, at now: Timestamp) -> Exchange {
    let rate = ExchangeRate(base: "EUR", quote: "USD", day: "2026-05-08", rate: "1.0876", source: "ECB")
    return Exchange(
      workspaceID: workspace, amount: "100.00", base: "EUR", quote: "USD", digits: 2, result: "108.76",
      path: [Leg(rate, isInverse: false)], createdAt: now)
  }
}
