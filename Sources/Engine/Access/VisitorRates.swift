/// How often somebody without a key may call, by address.
package struct VisitorRates: Sendable {
  /// Submissions.
  package let perMinute: Int64
  package let perDay: Int64
  package let readsPerMinute: Int64

  package init(perMinute: Int64, perDay: Int64, readsPerMinute: Int64 = 120) {
    self.perMinute = perMinute
    self.perDay = perDay
    self.readsPerMinute = readsPerMinute
  }
}
