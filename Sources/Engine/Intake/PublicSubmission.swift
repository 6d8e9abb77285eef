/// What may be asked for with a public key: the result at once, of files that came with the request.
///
/// The key stands in a page, and whoever reads it there can send any Origin. So nothing is taken that makes this server
/// call or mail anybody, or that tells how the workspace is set up.
enum PublicSubmission {
  /// What a submission may not have, and what clients call it.
  private static let secretOnly: [(field: String, isUsed: @Sendable (Submission) -> Bool)] = [
    ("webhook_url", { $0.webhookURL != nil }),
    ("webhook_secret", { $0.webhookSecret != nil }),
    ("notification_email", { $0.notificationEmail != nil }),
    ("preset", { $0.preset != nil }),
    ("watermark.url", { isAddress($0.overlay) }),
  ]

  /// Throws `Refusal.secretKeyNeeded` with the fields that only a secret key may send.
  static func check(_ submission: Submission) throws(Refusal) {
    var wrong = WrongFields()
    func refuse(_ field: String) { wrong.append(field, "needs a secret key") }
    for rule in secretOnly where rule.isUsed(submission) { refuse(rule.field) }
    for (index, source) in submission.sources.enumerated() where isAddress(source) {
      refuse("\(submission.fileField)[\(index)].url")
    }
    guard submission.waitsForEnd, submission.batch == nil, wrong.isEmpty else {
      throw .secretKeyNeeded.naming(wrong)
    }
  }

  private static func isAddress(_ source: Submission.Source?) -> Bool {
    if case .address? = source { true } else { false }
  }
}
