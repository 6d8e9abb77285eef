package import Storage

/// The rules of one style: how long an attempt may take, what its answer means, and when the next one is due.
package struct DeliveryPolicy: Sendable {
  package let style: DeliveryStyle
  package let userAgent: String
  /// For the first attempt, and for every later one.
  let timeLimits: (first: Duration, later: Duration)
  /// From the end of an attempt to the next one; after the last the delivery has failed.
  package let delays: [Duration]
  let successes: Statuses
  /// Answers after which nothing more is tried.
  let finals: Statuses
  /// True when 410 (Gone) ends the subscription, and Retry-After with 429 or 503 puts off the next attempt.
  let heedsReceiver: Bool

  /// A set of HTTP statuses.
  enum Statuses: Sendable, Equatable {
    case none
    case range(ClosedRange<Int>)
    case list([Int])

    func contains(_ status: Int) -> Bool {
      switch self {
      case .none: false
      case .range(let range): range.contains(status)
      case .list(let list): list.contains(status)
      }
    }
  }

  /// A receiver may put off the next attempt by no more than this.
  static let longestRetryAfter = Duration.seconds(86_400)

  package func timeLimit(attempt number: Int) -> Duration { number <= 1 ? timeLimits.first : timeLimits.later }

  package static func of(_ style: DeliveryStyle) -> DeliveryPolicy {
    switch style {
    case .wonder: wonder
    case .api2convert: api2convert
    case .convertly: convertly
    case .enconvert: enconvert
    case .koalapic: koalapic
    case .standard: standard
    case .mail: mail
    }
  }

  /// WonderConvert's page names no times; attempts, the next time and the last error are visible there.
  static let wonder = DeliveryPolicy(
    style: .wonder, userAgent: "Wonder-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
    delays: [.seconds(30), .minutes(2), .minutes(10), .hours(1), .hours(6)], successes: .range(200...299),
    finals: .none, heedsReceiver: true)

  /// "3 seconds to respond on the first attempt (10 seconds on retries)"; 4xx is final, 429 too; up to 10 retries.
  static let api2convert = DeliveryPolicy(
    style: .api2convert, userAgent: "API2Convert API v2 Client (https://api.api2convert.com)",
    timeLimits: (.seconds(3), .seconds(10)),
    delays: (0..<10).map { min(.seconds(10 << $0), .minutes(15)) }, successes: .range(200...299),
    finals: .range(400...499), heedsReceiver: false)

  /// "attempts delivery immediately, then retries after roughly 5 seconds and 25 seconds".
  static let convertly = DeliveryPolicy(
    style: .convertly, userAgent: "Convertly-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
    delays: [.seconds(5), .seconds(25)], successes: .range(200...299), finals: .none, heedsReceiver: false)

  /// "must respond within 30 seconds", "HTTP 200, 201, 202, or 204", "No retries on failure".
  static let enconvert = DeliveryPolicy(
    style: .enconvert, userAgent: "Enconvert-Webhooks/1.0", timeLimits: (.seconds(30), .seconds(30)), delays: [],
    successes: .list([200, 201, 202, 204]), finals: .none, heedsReceiver: false)

  /// "non-2xx status or times out": "After 30 seconds", "After 2 minutes", "After 10 minutes", then failed.
  static let koalapic = DeliveryPolicy(
    style: .koalapic, userAgent: "KoalaPic-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
    delays: [.seconds(30), .minutes(2), .minutes(10)], successes: .range(200...299), finals: .none,
    heedsReceiver: false)

  /// Standard Webhooks 1.0, with the times that its example gives.
  static let standard = DeliveryPolicy(
    style: .standard, userAgent: "Wonder-Webhooks/1.0", timeLimits: (.seconds(20), .seconds(20)),
    delays: [.seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(10)],
    successes: .range(200...299), finals: .none, heedsReceiver: true)

  /// Mail over SMTP: five more tries within an hour; an answer of 500 and more is for good (RFC 5321 section 4.2.1).
  static let mail = DeliveryPolicy(
    style: .mail, userAgent: "", timeLimits: (.seconds(60), .seconds(60)),
    delays: [.minutes(1), .minutes(4), .minutes(10), .minutes(15), .minutes(30)], successes: .range(200...299),
    finals: .range(500...599), heedsReceiver: false)
}

extension Duration {
  fileprivate static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
  fileprivate static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
