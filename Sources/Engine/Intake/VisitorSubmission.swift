/// What may be asked for without a key: whatever the dialect's rows for visitors take, but nothing that makes this server
/// call or mail somebody in a stranger's name, and nothing that tells how the visitors' workspace is set up.
enum VisitorSubmission {
  /// What a submission may not have.
  static let keyOnly: [(subject: Refusal.Subject, isUsed: @Sendable (Submission) -> Bool)] = [
    (.webhook, { $0.webhookURL != nil }),
    (.webhookSecret, { $0.webhookSecret != nil }),
    (.mail, { $0.notificationEmail != nil }),
    // What a page shows is fetched by this server, and what it does is done by it.
    (.source, { $0.opensPages }),
    (.output(of: 0), { !$0.targets.isEmpty }),
    (
      .files,
      { ($0.sources + [$0.overlay].compactMap(\.self)).contains { if case .cloud = $0 { true } else { false } } }
    ),
    (.files, { $0.storing != nil }),
    (.preset, { $0.tasks.contains { $0.preset != nil } }),
  ]

  /// Throws `Refusal.keyNeeded` with the fields that only somebody with a key may send.
  static func check(_ submission: Submission) throws(Refusal) {
    var wrong = WrongFields()
    for rule in keyOnly where rule.isUsed(submission) { wrong.append(rule.subject, "needs an API key") }
    guard wrong.isEmpty else { throw .keyNeeded.naming(wrong) }
  }
}
