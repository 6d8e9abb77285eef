package import Basics
package import Storage

/// Tells amounts of one currency in another, exactly: over the rates of the way the product is never rounded before its end.
package struct ExchangeDesk: Sendable {
  /// The most digits that a result may have behind the point.
  package static let mostDigits = 12
  /// Where a way is looked for first: most rates are said against this one.
  private static let hub = "EUR"

  /// What is asked for.
  package struct Wish: Sendable {
    let amount: Decimal
    let base: String
    let quote: String
    let digits: Int
    let key: String?

    /// `base` and `quote` are codes of three capital letters; `digits` are at most `mostDigits`, and `key` is what the
    /// client calls it.
    package init(amount: Decimal, from base: String, to quote: String, digits: Int, key: String? = nil) {
      self.amount = amount
      self.base = base
      self.quote = quote
      self.digits = digits
      self.key = key
    }

    func isOf(_ exchange: Exchange) -> Bool {
      exchange.amount == amount.text && exchange.base == base && exchange.quote == quote && exchange.digits == digits
    }
  }

  private let store: Store
  private let announcing: Announcing?
  private let clock: Clock

  init(store: Store, announcing: Announcing?, clock: Clock) {
    self.store = store
    self.announcing = announcing
    self.clock = clock
  }

  /// Tells an amount in another currency, and those of the workspace's endpoints that want to hear of it; what was told
  /// under a key before is told again.
  ///
  /// Throws `Refusal.noRatePath`, or `Refusal.idempotencyMismatch` for a key of another wish.
  package func exchange(_ workspace: Int64, _ wish: Wish) async throws -> Exchange {
    let now = clock.now()
    let (exchange, isTold): (Exchange, Bool) = try await store.write { database in
      if let key = wish.key, let earlier = try Exchanges.find(workspace, key: key, in: database) {
        guard wish.isOf(earlier) else { throw Refusal.idempotencyMismatch }
        return (earlier, false)
      }
      guard let path = try ExchangeDesk.path(from: wish.base, to: wish.quote, in: database),
        let result = ExchangeDesk.result(wish, path)
      else { throw Refusal.noRatePath(from: wish.base, to: wish.quote) }
      let exchange = try Exchanges.insert(
        Exchange(
          workspaceID: workspace, idempotencyKey: wish.key, amount: wish.amount.text, base: wish.base,
          quote: wish.quote, digits: wish.digits, result: result, path: path, createdAt: now), in: database)
      return (exchange, try announcing?.write(exchange, at: now, in: database) ?? false)
    }
    if isTold { announcing?.ring() }
    return exchange
  }

  private static func result(_ wish: Wish, _ path: [Exchange.Leg]) -> String? {
    let factors = path.compactMap { leg in
      Decimal(leg.rate.rate).map { leg.isInverse ? Decimal.Factor.dividedBy($0) : .times($0) }
    }
    return factors.count == path.count ? wish.amount.product(factors, digits: wish.digits) : nil
  }

  /// The way whose oldest rate is the newest, and of these the shortest; nil without any.
  ///
  /// It is a rate of the pair in either direction, or one to a third currency and one from there.
  private static func path(from base: String, to quote: String, in database: Database) throws -> [Exchange.Leg]? {
    let neighbours = try ExchangeRates.neighbours(of: base, in: database)
    if base == quote { return neighbours.isEmpty ? nil : [] }
    var ways: [[Exchange.Leg]] = []
    if let direct = try leg(from: base, to: quote, in: database) { ways.append([direct]) }
    let shared = Set(neighbours).intersection(try ExchangeRates.neighbours(of: quote, in: database))
    for third in shared.sorted(by: { ($0 == hub ? "" : $0) < ($1 == hub ? "" : $1) }) {
      if let there = try leg(from: base, to: third, in: database),
        let on = try leg(from: third, to: quote, in: database)
      {
        ways.append([there, on])
      }
    }
    func age(_ way: [Exchange.Leg]) -> String { way.map(\.rate.day).min() ?? "" }
    let newest = ways.map(age).max()
    return ways.first { age($0) == newest }
  }

  /// The newest rate of a pair in either direction; of one day the one in this direction.
  private static func leg(from base: String, to quote: String, in database: Database) throws -> Exchange.Leg? {
    let straight = try ExchangeRates.newest(base: base, quote: quote, in: database)
    let inverse = try ExchangeRates.newest(base: quote, quote: base, in: database)
    guard let inverse, inverse.day > straight?.day ?? "" else { return straight.map { .init($0, isInverse: false) } }
    return .init(inverse, isInverse: true)
  }
}
