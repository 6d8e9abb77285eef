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
      let address = try Jobs.notificationEmail(id: job.id, in: database)
    else { return false }
    let mail = JobMail(
      jobID: publicIdentifiers.text(.request, job.id), batchID: job.batchID.map { publicIdentifiers.text(.batch, $0) },
      isSuccess: event.kind == .completed, error: job.errorMessage, dashboard: home)
    return try write(mail, event, job.workspaceID, job: job.id, to: address, at: now, in: database)
  }

  /// Writes the one mail about the end of a batch, with a row for each of its tasks, under the same conditions.
  func write(_ event: Event, _ batch: Batch, at now: Timestamp, in database: Database) throws -> Bool {
    guard isOn, event.kind == .completed || event.kind == .failed, let address = batch.notificationEmail else {
      return false
    }
    let tasks = try Batches.mailedTasks(batch, in: database).map { task in
      JobMail.Task(
        url: task.source, status: task.status == .completed ? "success" : task.status.rawValue, output: task.output)
    }
    let mail = JobMail(
      jobID: batch.archiveJobID.map { publicIdentifiers.text(.request, $0) },
      batchID: publicIdentifiers.text(.batch, batch.id), isSuccess: event.kind == .completed,
      error: batch.errorMessage, dashboard: home, tasks: tasks)
    return try write(mail, event, batch.workspaceID, batch: batch.id, to: address, at: now, in: database)
  }

  private func write(
    _ mail: JobMail, _ event: Event, _ workspace: Int64, job: Int64? = nil, batch: Int64? = nil, to address: String,
    at now: Timestamp, in database: Database
  ) throws -> Bool {
    let wish = try Workspaces.mailSwitch(workspace, in: database)
    guard wish.isOn && wish.isAllowed, MailAddress.problem(of: address) == nil else { return false }
    try Deliveries.insert(
      NewDelivery(
        workspaceID: workspace, jobID: job, batchID: batch, requestID: mail.jobID ?? mail.batchID,
        eventID: identifiers.text(event.id, part: Mailing.part),
        event: "\(job == nil ? "batch" : "job").\(event.kind.rawValue)", style: .mail, url: "mailto:\(address)",
        body: mail.text.message(to: address, at: now)), at: now, in: database)
    return true
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
