package import Basics
package import Storage
import Synchronization

/// Requests for access and what an operator makes of them.
package final class Approvals: Sendable {
  /// What somebody sends who wants to use the API.
  package struct Application: Sendable {
    package var email: String
    package var company: String
    package var useCase: String
    package var volume: String

    package init(email: String, company: String, useCase: String, volume: String) {
      self.email = email
      self.company = company
      self.useCase = useCase
      self.volume = volume
    }
  }

  /// What an approval gives: the workspace, and the key that is shown this once.
  package struct Approval: Sendable {
    package let request: AccessRequest
    package let workspace: Workspace
    package let key: String
  }

  /// Requests that one address may send in an hour.
  static let mostPerHour = 5
  /// With this many undecided, nobody reads them, and a flood must not fill the disk.
  static let mostPending = 1000

  private let store: Store
  private let clock: Clock
  private let entropy: Entropy
  /// The plan that applicants get at once, or nil when an operator decides.
  private let automaticPlan: String?
  private let mailing: Mailing?
  private let keyPrefix: KeyPrefix
  private let recent: Attempts

  /// `keyPrefix` is what the first key of a workspace begins with.
  package init(
    store: Store, clock: Clock, entropy: Entropy, keyPrefix: KeyPrefix, automaticPlan: String? = nil,
    mailing: Mailing? = nil
  ) {
    self.keyPrefix = keyPrefix
    self.mailing = mailing
    self.store = store
    self.clock = clock
    self.entropy = entropy
    self.automaticPlan = automaticPlan
    recent = Attempts(clock: clock, most: Approvals.mostPerHour, in: .seconds(3600))
  }

  /// Counts a request of an address, right or wrong, before any of it is read; throws a `Refusal` when it had sent too many.
  package func admit(from address: String) throws {
    if let seconds = recent.take(ClientPlace.of(address)) { throw Refusal.tooManyApplications(after: seconds) }
  }

  /// Stores a request that was admitted; gives the key as well when applicants are let in at once.
  ///
  /// Throws a `Refusal` for fields that are wrong, and when too many requests wait.
  package func apply(_ application: Application, from address: String) async throws -> (id: Int64, approval: Approval?)
  {
    try Approvals.check(application)
    let now = clock.now()
    let id = try await store.write { database in
      if try AccessRequests.countPending(in: database) >= Approvals.mostPending {
        throw Refusal.tooManyApplications(after: 3600)
      }
      return try AccessRequests.insert(
        email: application.email, company: application.company, useCase: application.useCase,
        volume: application.volume, address: address, at: now, in: database)
    }
    store.changes.note(nil)
    guard let automaticPlan else { return (id, nil) }
    let actor = Actor(name: "automatic", address: address)
    return (id, try await approve(id, plan: automaticPlan, slug: nil, by: actor))
  }

  /// Makes an approved workspace of a request and issues its first key, in one transaction.
  ///
  /// With `notifies` the key goes to the applicant by mail. Throws `Refusal.unknownRequest`, `.requestDecided`,
  /// `.mailNotSetUp`, or one about the slug or the plan.
  package func approve(_ id: Int64, plan: String, slug: String?, notifies: Bool = false, by actor: Actor) async throws
    -> Approval
  {
    let mailing = try notifies ? requireMail() : nil
    if let slug { try Provisioning.checkSlug(slug) }
    let key = KeyMaker.makeKey(prefix: keyPrefix.text, entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    let approval = try await store.write { database in
      guard let request = try AccessRequests.find(id: id, in: database) else { throw Refusal.unknownRequest }
      guard request.state == .pending else { throw Refusal.requestDecided(request.state.rawValue) }
      try Provisioning.checkPlan(plan, database)
      if let slug, try Workspaces.find(slug: slug, in: database) != nil { throw Refusal.workspaceExists }
      let slug = try slug ?? Approvals.freeSlug(for: request.company, database)
      let workspace = try Workspaces.insert(
        slug: slug, name: request.company, plan: plan, owner: request.email, at: now, in: database)
      let row = NewKeyRow(
        workspaceID: workspace, hash: key.hash, hint: key.hint, name: "first key", webhookSecret: secret, createdAt: now
      )
      _ = try Keys.insert(row, in: database)
      _ = try AccessRequests.decide(
        id: id, .approved, workspace: workspace, by: actor.name, reason: nil, at: now, in: database)
      try actor.record("request.approve", request.email, "workspace \(slug), plan \(plan)", at: now, in: database)
      guard let made = try Workspaces.find(slug: slug, in: database),
        let decided = try AccessRequests.find(id: id, in: database)
      else { throw Refusal.unknownWorkspace }
      if let mailing {
        let mail = PersonalMail.approved(workspace: slug, plan: plan, key: key.text, home: mailing.home)
        try mailing.write(mail, to: request.email, at: now, in: database)
      }
      return Approval(request: decided, workspace: made, key: key.text)
    }
    mailing?.ring()
    return approval
  }

  /// Turns a request down, and with `notifies` says so by mail; throws `Refusal.unknownRequest`, `.requestDecided` or
  /// `.mailNotSetUp`.
  package func reject(_ id: Int64, reason: String, notifies: Bool = false, by actor: Actor) async throws
    -> AccessRequest
  {
    let mailing = try notifies ? requireMail() : nil
    let now = clock.now()
    let rejected = try await store.write { database in
      guard let request = try AccessRequests.find(id: id, in: database) else { throw Refusal.unknownRequest }
      guard
        try AccessRequests.decide(
          id: id, .rejected, workspace: nil, by: actor.name, reason: reason, at: now, in: database)
      else { throw Refusal.requestDecided(request.state.rawValue) }
      try actor.record("request.reject", request.email, reason, at: now, in: database)
      if let mailing {
        let mail = PersonalMail.rejected(company: request.company, reason: reason)
        try mailing.write(mail, to: request.email, at: now, in: database)
      }
      return try AccessRequests.find(id: id, in: database) ?? request
    }
    mailing?.ring()
    return rejected
  }

  private func requireMail() throws(Refusal) -> Mailing {
    guard let mailing else { throw .mailNotSetUp }
    try mailing.require()
    return mailing
  }

  /// The request with this public identifier, or the newest one of an address; throws `Refusal.unknownRequest`.
  package func number(of text: String) throws -> Int64 {
    if let id = store.identifiers.row(.access, text) { return id }
    guard let id = try store.read({ try AccessRequests.newest(email: text, in: $0) }) else {
      throw Refusal.unknownRequest
    }
    return id
  }

  private static func check(_ application: Application) throws {
    var wrong: [Refusal.Field] = []
    if let problem = MailAddress.problem(of: application.email) { wrong.append(.init("email", problem)) }
    for (name, text, most) in [
      ("company", application.company, 200), ("use_case", application.useCase, 4000),
      ("expected_volume", application.volume, 200),
    ] {
      let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\r" }
      // What is far too long is not counted by characters.
      if text.utf8.count > most * 16 || text.allSatisfy(\.isWhitespace) || text.count > most || !isPlain {
        wrong.append(.init(name, "must be 1 to \(most) characters of text"))
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
  }

  /// A slug made of a company's name, with a number when it is taken.
  private static func freeSlug(for company: String, _ database: Database) throws -> String {
    let slug = Slug.of(company)
    let base = slug.isEmpty ? "workspace" : slug
    func isTaken(_ number: Int) throws -> Bool {
      try Workspaces.find(slug: number == 1 ? base : "\(base)-\(number)", in: database) != nil
    }
    guard try isTaken(1) else { return base }
    // Doubled and then halved: many of one name cost a few looks each.
    var (taken, free) = (1, 2)
    while try isTaken(free) { (taken, free) = (free, 2 * free) }
    while free - taken > 1 {
      let middle = (taken + free) / 2
      if try isTaken(middle) { taken = middle } else { free = middle }
    }
    return "\(base)-\(free)"
  }
}
