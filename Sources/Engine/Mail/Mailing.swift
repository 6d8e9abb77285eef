package import Basics
package import Storage

/// Writes mail into the transaction of what it tells; the courier sends it.
package struct Mailing: Sendable {
  /// Jobs have messages of parts 0 and up, so mail has one of its own.
  private static let part = -1

  /// False when WONDER_SMTP_URL or WONDER_MAIL_FROM is not set; then none is written.
  package let isOn: Bool
  private let identifiers: EventIdentifiers
  private let publicIdentifiers: PublicIdentifiers
  private let entropy: Entropy
  /// The address that stands in front of a path.
  private let link: @Sendable (String) -> String
  private let wake: @Sendable () -> Void

  /// `wake` tells whoever sends that there is some.
  package init(
    store: Store, isOn: Bool, entropy: Entropy, link: @escaping @Sendable (String) -> String,
    wake: @escaping @Sendable () -> Void
  ) {
    self.isOn = isOn
    identifiers = EventIdentifiers(store: store)
    publicIdentifiers = store.identifiers
    self.entropy = entropy
    self.link = link
    self.wake = wake
  }

  /// Call it after the commit.
  package func ring() { wake() }

  /// Throws `Refusal.mailNotSetUp` when there is no mail.
  package func require() throws(Refusal) {
    if !isOn { throw .mailNotSetUp }
  }

  /// The address of the page where a one-time link is used.
  func oneTimeLink(_ purpose: String, _ token: String) -> String { link("/admin#\(purpose)=\(token)") }

  var home: String { link("/admin") }

  /// Writes the mail about a job's end, if somebody wants it and both the workspace and its plan have it; true then.
  func write(_ event: Event, _ job: Job, at now: Timestamp, in database: Database) throws -> Bool {
    guard isOn, event.kind == .completed || event.kind == .failed,
      let wish = try Jobs.mailWish(id: job.id, in: database), MailAddress.problem(of: wish.address) == nil
    else { return false }
    let workspace = try Workspaces.mailSwitch(job.workspaceID, in: database)
    guard workspace.isOn && workspace.isAllowed else { return false }
    let requestID = publicIdentifiers.text(.request, job.id)
    let mail = JobMail(
      jobID: requestID, batchID: wish.batch.map { publicIdentifiers.text(.batch, $0) },
      isSuccess: event.kind == .completed, error: job.errorMessage, dashboard: home)
    try Deliveries.insert(
      NewDelivery(
        workspaceID: job.workspaceID, jobID: job.id, requestID: requestID,
        eventID: identifiers.text(event.id, part: Mailing.part), event: "job.\(event.kind.rawValue)", style: .mail,
        url: "mailto:\(wish.address)", body: mail.text.message(to: wish.address, at: now)), at: now, in: database)
    return true
  }

  /// Writes mail about the end of a batch to an address that was checked when the batch was taken.
  package func write(
    _ mail: JobMail, event: Event, workspace: Int64, to address: String, at now: Timestamp, in database: Database
  ) throws {
    try Deliveries.insert(
      NewDelivery(
        workspaceID: workspace, eventID: identifiers.text(event.id, part: Mailing.part),
        event: mail.isSuccess ? "batch.completed" : "batch.failed", style: .mail, url: "mailto:\(address)",
        body: mail.text.message(to: address, at: now)), at: now, in: database)
  }

  /// Writes mail to a person, which belongs to no workspace and is erased when it has been sent; gives its row.
  ///
  /// Throws `Refusal.invalidFields` for an address that cannot be one.
  @discardableResult
  func write(_ mail: PersonalMail, to address: String, at now: Timestamp, in database: Database) throws -> Int64 {
    if let problem = MailAddress.problem(of: address) { throw Refusal.invalidFields.naming([.init("email", problem)]) }
    return try Deliveries.insert(
      NewDelivery(
        workspaceID: nil, eventID: "mail_" + Base32.text(entropy.bytes(10)), event: mail.event, style: .mail,
        url: "mailto:\(address)", body: mail.text.message(to: address, at: now)), at: now, in: database)
  }

  /// Sends a mail that says that mail works; gives its row.
  package func test(to address: String, store: Store, clock: Clock, by actor: Actor) async throws -> Int64 {
    try require()
    let now = clock.now()
    let id = try await store.write { database in
      try actor.record("mail.test", address, at: now, in: database)
      return try write(.test(home: home), to: address, at: now, in: database)
    }
    ring()
    return id
  }
}
