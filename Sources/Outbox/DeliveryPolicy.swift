package import Basics
package import Storage

/// The rules of one style: what stands in the head of a message, how long an attempt may take, what its answer means, and
/// when the next one is due.
package struct DeliveryPolicy: Sendable {
  /// The header fields that a style has beside those of all, in their order.
  package typealias Fields = @Sendable (_ letter: Letter, _ moment: Timestamp) -> [(name: String, value: String)]

  package let style: DeliveryStyle
  let userAgent: String
  let contentType: String
  /// For the first attempt, and for every later one.
  let timeLimits: (first: Duration, later: Duration)
  /// From the end of an attempt to the next one; after the last the delivery has failed.
  let delays: [Duration]
  let successes: Statuses
  /// Answers after which nothing more is tried.
  let finals: Statuses
  /// True when 410 (Gone) ends the subscription, and Retry-After with 429 or 503 puts off the next attempt.
  let heedsReceiver: Bool
  /// True when all addresses of a host count as one that rests when it fails.
  package let restsByHost: Bool
  /// True when a secret of the form of Standard Webhooks gives their fields as well.
  let hasStandardFields: Bool
  let own: Fields

  /// A set of HTTP statuses.
  package enum Statuses: Sendable, Equatable {
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

  package init(
    style: DeliveryStyle, userAgent: String, contentType: String = "application/json",
    timeLimits: (first: Duration, later: Duration), delays: [Duration],
    successes: Statuses = .range(200...299), finals: Statuses = .none, heedsReceiver: Bool = false,
    restsByHost: Bool = false, hasStandardFields: Bool = true, fields: @escaping Fields = { _, _ in [] }
  ) {
    self.style = style
    self.userAgent = userAgent
    self.contentType = contentType
    self.timeLimits = timeLimits
    self.delays = delays
    self.successes = successes
    self.finals = finals
    self.heedsReceiver = heedsReceiver
    self.restsByHost = restsByHost
    self.hasStandardFields = hasStandardFields
    own = fields
  }

  /// A receiver may put off the next attempt by no more than this.
  static let longestRetryAfter = Duration.seconds(86_400)

  package func timeLimit(attempt number: Int) -> Duration { number <= 1 ? timeLimits.first : timeLimits.later }

  /// The header fields of one attempt, signed at its moment; the body's bytes are never touched.
  package func fields(_ letter: Letter, at moment: Timestamp) -> [(name: String, value: String)] {
    var fields = [(name: "Content-Type", value: contentType), (name: "User-Agent", value: userAgent)]
    fields += own(letter, moment)
    if hasStandardFields,
      let signature = Signature.standard(letter.body, letter.secrets, id: letter.eventID, at: moment)
    {
      fields += [
        ("webhook-id", letter.eventID), ("webhook-timestamp", String(moment.seconds)), ("webhook-signature", signature),
      ]
    }
    return fields
  }

  /// Mail over SMTP: five more tries within an hour; an answer of 500 and more is for good (RFC 5321 section 4.2.1).
  package static let mail = DeliveryPolicy(
    style: .mail, userAgent: "", timeLimits: (.seconds(60), .seconds(60)),
    delays: [.minutes(1), .minutes(4), .minutes(10), .minutes(15), .minutes(30)], finals: .range(500...599),
    restsByHost: true)
}

extension Duration {
  package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
  package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
