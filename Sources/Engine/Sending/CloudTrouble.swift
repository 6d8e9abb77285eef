import Basics
import Outbound

/// What a place elsewhere has against a request, in words for whoever asked for it.
struct CloudTrouble: Error, Equatable {
  enum Kind: Equatable {
    case denied, missing, clock, status, unreached, lost
    /// An upload in parts that the store does not know any more.
    case forgotten
  }

  let kind: Kind
  /// Follows "could not be fetched:" or "could not be sent:".
  let text: String
  /// What only the operator may know; else the text.
  let detail: String
  /// True when another try would end the same way.
  let isLasting: Bool
  /// Where the bucket is instead, as the store says.
  let region: String?

  init(_ kind: Kind, _ text: String, detail: String? = nil, isLasting: Bool = false, region: String? = nil) {
    self.region = region
    self.kind = kind
    self.text = text
    self.detail = detail ?? text
    self.isLasting = isLasting
  }

  /// What S3's protocol calls credentials that do not open a place (Amazon S3, "Error responses").
  private static let denials: Set<String> = [
    "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "NotSignedUp",
    "SignatureDoesNotMatch", "TokenRefreshRequired", "Unauthorized",
  ]
  private static let moved: Set<String> = [
    "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect", "TemporaryRedirect",
  ]

  /// What a reply means that is no success; nil for one that is.
  init?(_ reply: OutboundReply, at place: CloudPlace) {
    if let failure = reply.failure {
      let text = failure.kind.rawValue
      let detail = failure.detail.isEmpty ? text : "\(failure): \(failure.detail)"
      switch failure.kind {
      case _ where Unreached.includes(failure): self.init(.unreached, Unreached.words, detail: detail)
      case .denied: self.init(.denied, text, detail: detail, isLasting: true)
      case .missing: self.init(.missing, text, detail: detail, isLasting: true)
      case .invalidURL: self.init(.status, text, detail: detail, isLasting: true)
      default: self.init(.lost, text, detail: detail)
      }
      return
    }
    guard reply.status / 100 != 2 else { return nil }
    let code = reply.code ?? ""
    let said = code.isEmpty ? "status \(reply.status)" : "\(code), status \(reply.status)"
    switch code {
    case "RequestTimeTooSkewed":
      self.init(.clock, "the clocks of this server and of the store differ too much (\(said))")
    case "NoSuchBucket": self.init(.missing, "there is no such bucket (\(said))", isLasting: true)
    case "NoSuchKey": self.init(.missing, "there is no such file (\(said))", isLasting: true)
    case "NoSuchUpload", "InvalidPart":
      self.init(.forgotten, "the store has forgotten what was sent (\(said))")
    case _ where CloudTrouble.moved.contains(code) || reply.status / 100 == 3:
      let region = CloudTrouble.region(of: reply).flatMap { $0 == place.region ? nil : $0 }
      let other = region.map { ", but in \($0)" } ?? ""
      self.init(
        .status, "the bucket is not in the region \(place.region)\(other) (\(said))", isLasting: true,
        region: region)
    case _ where CloudTrouble.denials.contains(code) || [401, 403].contains(reply.status):
      self.init(.denied, "the store refused the credentials (\(said))", isLasting: true)
    case _ where reply.status == 404: self.init(.missing, "there is no such file (\(said))", isLasting: true)
    default:
      let isLasting = reply.status / 100 == 4 && ![408, 409, 425, 429].contains(reply.status)
      self.init(.status, "the store answered with \(said)", isLasting: isLasting)
    }
  }

  /// True for what another try within seconds may not meet again.
  var mayPassSoon: Bool { !isLasting && (kind == .lost || kind == .status) }

  private static func region(of reply: OutboundReply) -> String? {
    let text = reply.element("Region") ?? String(decoding: reply.region ?? [], as: UTF8.self)
    let region = text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return region.isEmpty ? nil : String(region.prefix(40))
  }
}
