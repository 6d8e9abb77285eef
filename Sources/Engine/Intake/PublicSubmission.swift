/// What may be asked for with a public key: the result at once, of files that came with the request.
///
/// The key stands in a page, and whoever reads it there can send any Origin. So nothing is taken that makes this server
/// call or mail anybody, or that tells how the workspace is set up.
enum PublicSubmission {
  /// What a submission may not have.
  private static let secretOnly =
    VisitorSubmission.keyOnly + [
      (.overlayAddress, { @Sendable in isAddress($0.overlay) })
    ]

  /// Throws `Refusal.secretKeyNeeded` with the fields that only a secret key may send.
  static func check(_ submission: Submission) throws(Refusal) {
    var wrong = WrongFields()
    func refuse(_ subject: Refusal.Subject) { wrong.append(subject, "needs a secret key") }
    for rule in secretOnly where rule.isUsed(submission) { refuse(rule.subject) }
    for (index, source) in submission.sources.enumerated() where isAddress(source) { refuse(.address(of: index)) }
    guard submission.waitsForEnd, submission.batch == nil, wrong.isEmpty else {
      throw .secretKeyNeeded.naming(wrong)
    }
  }

  private static func isAddress(_ source: Submission.Source?) -> Bool {
    switch source {
    case .address?, .page?: true
    case .file?, .cloud?, .stored?, nil: false
    }
  }
}
