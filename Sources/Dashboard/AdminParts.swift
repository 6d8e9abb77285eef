package import Basics
package import Engine
import HTTP
package import Storage

/// What the admin API is built from.
package final class AdminParts: Sendable {
  package let store: Store
  package let lifecycle: Lifecycle
  package let provisioning: Provisioning
  package let webhooks: WebhookParts
  package let conversions: ConversionParts
  package let mailing: Mailing
  package let keys: KeyIssuing
  package let plans: PlanDesk
  package let approvals: Approvals
  package let accounts: Accounts
  package let inspection: Inspection
  package let janitor: Janitor
  package let nodes: NodeDesk
  package let rates: RateDesk
  package let rateFetcher: RateFetcher
  package let dailyRates: DailyRates
  package let blocking: Blocking
  package let clock: Clock
  /// The user who owns the data directory; that one and root may act as operators on the socket.
  package let owner: UInt32
  package let signOn: SignOnParts
  /// Which backups are made by themselves; nil for none.
  package let backups: BackupPlan?
  /// Who follows this server.
  package let followers: Followers
  /// What the process knows of itself.
  package let facts: @Sendable () async throws -> JSONValue
  /// What the process finds when it tries its workers.
  package let findings: @Sendable () async throws -> JSONValue

  package init(
    store: Store, lifecycle: Lifecycle, approvals: Approvals, accounts: Accounts, webhooks: WebhookParts,
    conversions: ConversionParts,
    mailing: Mailing,
    janitor: Janitor, nodes: NodeDesk, rates: RateDesk, rateFetcher: RateFetcher, dailyRates: DailyRates,
    blocking: Blocking, clock: Clock, entropy: Entropy, keyPrefix: KeyPrefix, keyPrefixes: [KeyPrefix], owner: UInt32,
    backups: BackupPlan?, followers: Followers, signOn: SignOnParts,
    facts: @escaping @Sendable () async throws -> JSONValue,
    findings: @escaping @Sendable () async throws -> JSONValue
  ) {
    self.store = store
    self.lifecycle = lifecycle
    provisioning = Provisioning(
      store: store, lifecycle: lifecycle, clock: clock, entropy: entropy, keyPrefix: keyPrefix)
    keys = KeyIssuing(
      store: store, clock: clock, entropy: entropy, usual: keyPrefix, prefixes: keyPrefixes)
    plans = PlanDesk(store: store, clock: clock)
    self.approvals = approvals
    self.accounts = accounts
    self.webhooks = webhooks
    self.conversions = conversions
    self.mailing = mailing
    inspection = Inspection(store: store, clock: clock)
    self.janitor = janitor
    self.nodes = nodes
    self.rates = rates
    self.rateFetcher = rateFetcher
    self.dailyRates = dailyRates
    self.blocking = blocking
    self.clock = clock
    self.owner = owner
    self.backups = backups
    self.followers = followers
    self.signOn = signOn
    self.facts = facts
    self.findings = findings
  }

  var presets: PresetDesk { conversions.jobs.presets }

  /// The job with a public identifier, whoever it belongs to.
  func job(_ request: String) async throws -> Job {
    guard let row = store.identifiers.row(.request, request),
      let job = try await read({ try Jobs.load(id: row, in: $0) })
    else { throw Refusal.unknownJob }
    return job
  }

  /// Writes down what somebody has done that no transaction of the database did.
  func note(_ actor: Actor, _ action: String, _ subject: String) async throws {
    let now = clock.now()
    try await store.write { database in
      try Audit.insert(
        actor: actor.name, address: actor.address, action: action, subject: subject, at: now, in: database)
    }
  }

  /// Runs a query that may take a while on a thread that may block.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await blocking.run { [store] in try store.read(body) }
  }
}
