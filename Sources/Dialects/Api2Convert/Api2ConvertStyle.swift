import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let api2convert = DeliveryStyle(rawValue: "api2convert")
}

extension WebhookStyle {
  /// api2convert: "3 seconds to respond on the first attempt (10 seconds on retries)"; 4xx is final, 429 too; up to 10
  /// retries.
  ///
  /// Only an address that comes with a job is told in it: "the same JSON returned by GET /v2/jobs/{id}".
  package static let api2convert = WebhookStyle(
    title: "api2convert", tellsWholeJobs: true,
    policy: DeliveryPolicy(
      style: .api2convert, userAgent: "API2Convert API v2 Client (https://api.api2convert.com)",
      timeLimits: (.seconds(3), .seconds(10)), delays: (0..<10).map { min(.seconds(10 << $0), .minutes(15)) },
      finals: .range(400...499), restsByHost: true
    ) { letter, _ in
      letter.secrets.first.map { [("X-Oc-Signature", Signature.plain(letter.body, $0))] } ?? []
    }
  ) { happening, link in
    guard let job = happening.whole, happening.kind != .progress else { return [] }
    return [
      WebhookMessage(WebhookEvent("job.\(happening.kind.rawValue)", of: [happening.kind])) { _ in
        Array(Api2ConvertDocuments(identifiers: job.identifiers, link: link).job(job).text.utf8)
      }
    ]
  }
}
