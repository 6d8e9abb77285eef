package import Basics
import Storage

extension DeliveryPolicy {
  /// The header fields of one attempt, signed at its moment; the body's bytes are never touched.
  package func fields(_ letter: Letter, at moment: Timestamp) -> [(name: String, value: String)] {
    [("Content-Type", "application/json"), ("User-Agent", userAgent)] + own(letter, moment)
      + standardFields(letter, moment)
  }

  private func own(_ letter: Letter, _ moment: Timestamp) -> [(name: String, value: String)] {
    let secret = letter.secrets.first
    switch style {
    case .wonder:
      return [("X-WonderConvert-Event", letter.event)]
        + (letter.requestID.map { [("X-WonderConvert-Request-Id", $0)] } ?? [])
        + (secret.map { [("X-WonderConvert-Signature", Signature.prefixed(letter.body, $0))] } ?? [])
        + [("X-WonderConvert-Delivery", letter.eventID), ("X-WonderConvert-Timestamp", String(moment.seconds))]
    case .api2convert:
      return secret.map { [("X-Oc-Signature", Signature.plain(letter.body, $0))] } ?? []
    case .convertly:
      let signature = Signature.timestamped(letter.body, letter.secrets, at: moment)
      return [("convertly-event", letter.event), ("convertly-timestamp", String(moment.seconds))]
        + (secret == nil ? [] : [("convertly-signature", signature)])
    case .koalapic:
      // The vendor's blog names the first field, its help page the second.
      return ["X-KoalaPic-Signature", "X-Webhook-Signature"].flatMap { name in
        secret.map { [(name, Signature.plain(letter.body, $0))] } ?? []
      }
    case .enconvert, .standard, .mail:
      return []
    }
  }

  /// The fields of Standard Webhooks, which any style but the unsigned one has when the secret is of their form.
  private func standardFields(_ letter: Letter, _ moment: Timestamp) -> [(name: String, value: String)] {
    guard style != .enconvert,
      let signature = Signature.standard(letter.body, letter.secrets, id: letter.eventID, at: moment)
    else { return [] }
    return [
      ("webhook-id", letter.eventID), ("webhook-timestamp", String(moment.seconds)), ("webhook-signature", signature),
    ]
  }
}
