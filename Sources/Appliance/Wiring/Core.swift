import Basics
import Conversion
import Dashboard
import Dialects
import Engine
import Formats
import Glibc
import HTTP
import Outbound
import Outbox
import Storage

/// What the server and the commands that work without one are both wired of, from the store up to the admin API.
final class Core {
  /// Whom it tells that there is something to do.
  ///
  /// A command has nobody to tell: what it writes is done by the server when it runs again.
  struct Calls {
    /// Rung for work that waits for a converter.
    var bells = LaneBells()
    var mail: @Sendable () -> Void = {}
    var webhooks: @Sendable () -> Void = {}
    var downloads: @Sendable () -> Void = {}
    var sites: @Sendable () -> Void = {}
    var uploads: @Sendable () -> Void = {}
  }

  let home: HomeAddress
  let links: Links
  let webhooks: Webhooks
  let mailing: Mailing
  let announcing: Announcing
  let lifecycle: Lifecycle
  let jobs: JobService
  let approvals: Approvals
  let accounts: Accounts
  let rates: RateDesk
  let rateFetcher: RateFetcher
  let dailyRates: DailyRates
  let backups: BackupPlan?
  let followers: Followers
  let signOn: SignOnSettings
  private let settings: Settings
  private let store: Store
  private let blocking: Blocking
  private let clock: Clock
  private let entropy: Entropy
  private let dialects: [AllDialects.Row]

  /// Opens nothing and starts nothing; throws when the database cannot be read.
  init(
    _ settings: Settings, store: Store, catalogue: CatalogueSource, blocking: Blocking, passwords: PasswordThreads,
    clock: Clock, entropy: Entropy, log: Log, dialects: [AllDialects.Row] = AllDialects.all,
    patience: Duration = .seconds(30), addresses: AddressGuard? = nil, calls: Calls = Calls()
  ) throws {
    self.settings = settings
    self.store = store
    self.blocking = blocking
    self.clock = clock
    self.entropy = entropy
    self.dialects = dialects
    backups = try BackupPlan(settings)
    followers = try Followers(settings, store: store, clock: clock, entropy: entropy)
    signOn = try SignOnSettings(settings)
    let home = HomeAddress(configured: settings.text(.publicURL))
    self.home = home
    links = Links(
      store: store, clock: clock, lifetime: settings.span(.linkLifetime), retention: settings.span(.retention),
      rules: AllDialects.linkRules(dialects))
    mailing = Mailing(
      store: store, isOn: MailRoute(settings) != nil, entropy: entropy, link: { home.link($0) }, wake: calls.mail)
    webhooks = Webhooks(dialects, home: home)
    announcing = Announcing(store: store, links: links, announcer: webhooks, mailing: mailing, ring: calls.webhooks)
    lifecycle = Lifecycle(
      store: store, clock: clock, bootID: Base32.text(entropy.bytes(10)), bells: calls.bells, catalogue: catalogue,
      announcing: announcing, room: Room(store: store, limits: Room.Limits(settings)),
      keepsInputs: settings.text(.keepInputs) == "failed", wakeFetcher: calls.downloads,
      wakeSites: calls.sites, wakeUploads: calls.uploads)
    let (addresses, agent) = (addresses ?? AddressGuard(settings), "wonder/\(VersionCommand.version)")
    jobs = try JobService(
      store: store, lifecycle: lifecycle, catalogue: catalogue, blocking: blocking, clock: clock, bells: calls.bells,
      links: links, announcing: announcing, addresses: addresses, agent: agent, log: log, patience: patience)
    let automaticPlan = settings.text(.autoApprove)
    approvals = Approvals(
      store: store, clock: clock, entropy: entropy, keyPrefix: AllDialects.usualKeyPrefix,
      automaticPlan: automaticPlan == "off" ? nil : automaticPlan, mailing: mailing)
    rates = RateDesk(store: store, clock: clock)
    rateFetcher = RateFetcher(addresses: addresses, agent: agent)
    dailyRates = DailyRates(url: settings.text(.ratesURL), fetcher: rateFetcher, desk: rates, clock: clock)
    accounts = Accounts(store: store, clock: clock, entropy: entropy, threads: passwords, mailing: mailing)
  }

  /// Signing in with the provider that the settings name; it is asked past `addresses`.
  func provider(_ addresses: AddressGuard, log: Log) -> OpenIDConnect? {
    signOn.provider.map { [home] in
      OpenIDConnect(
        $0, newcomers: signOn.newcomers, accounts: accounts, addresses: addresses, blocking: blocking, log: log,
        home: { home.link(AdminAPI.prefix + AdminAPI.wayBack) })
    }
  }

  func janitor(_ watch: ClockWatch, log: Log, eachRound: @escaping @Sendable () -> Void = {}) -> Janitor {
    Janitor(
      store: store, lifecycle: lifecycle, retention: settings.span(.retention), history: settings.span(.history),
      clock: clock, watch: watch, log: log, eachRound: eachRound)
  }

  func webhookParts(watch: DeliveryWatch?, rests: DeliveryRests, policies: DeliveryPolicies) -> WebhookParts {
    WebhookParts(
      subscriptions: Subscriptions(store: store, clock: clock, entropy: entropy, styles: webhooks.offers),
      replays: Replays(store: store, announcing: announcing, clock: clock, entropy: entropy), watch: watch,
      rests: rests, fields: SentFields(policies).of)
  }

  func adminParts(
    webhooks: WebhookParts, janitor: Janitor, streams: EventStreams, forms: MultipartLimits,
    provider: OpenIDConnect? = nil, nodes: NodeDesk? = nil,
    facts: @escaping @Sendable () async throws -> JSONValue = { .object([]) },
    findings: @escaping @Sendable () async throws -> JSONValue = { .array([]) }
  ) -> AdminParts {
    AdminParts(
      store: store, lifecycle: lifecycle, approvals: approvals, accounts: accounts, webhooks: webhooks,
      conversions: ConversionParts(
        jobs: jobs, streams: streams, forms: forms, maxUpload: settings.number(.maxUpload), spool: store.spool),
      mailing: mailing, janitor: janitor,
      nodes: nodes
        ?? NodeDesk(
          store: store, line: AssignmentLine(), version: VersionCommand.version, left: [], clock: clock,
          entropy: entropy), rates: rates, rateFetcher: rateFetcher, dailyRates: dailyRates, blocking: blocking,
      clock: clock, entropy: entropy,
      keyPrefix: AllDialects.usualKeyPrefix, keyPrefixes: AllDialects.keyPrefixes(dialects), owner: geteuid(),
      backups: backups, followers: followers, signOn: SignOnParts(signOn, provider: provider),
      facts: facts, findings: findings)
  }
}
