import Basics
import Conversion
import Dashboard
import Dialects
import Engine
import Glibc
import HTTP
import Outbox
import Storage
import Synchronization

/// The admin routes in the command's own process, for a data directory that no server uses.
final class LocalAdmin: Sendable {
  private let store: Store
  private let blocking = Blocking(mostThreads: 1)
  private let passwords = PasswordThreads(threads: 1)
  private let router: Router

  init(_ settings: Settings) throws {
    store = try Store(path: settings.text(.data))
    let clock = Clock.system
    let log = Log(least: .error)
    let links = Links(
      store: store, clock: clock, lifetime: settings.span(.linkLifetime), retention: settings.span(.retention),
      rules: AllDialects.linkRules())
    let home = HomeAddress(configured: settings.text(.publicURL))
    home.listens(on: [settings.text(.listen)])
    // What is written here is sent by the server when it runs again.
    let mailing = Mailing(
      store: store, isOn: MailRoute(settings) != nil, entropy: .system, link: { home.link($0) }, wake: {})
    let webhooks = Webhooks(home: home)
    let announcing = Announcing(store: store, links: links, announcer: webhooks, mailing: mailing, ring: {})
    let lifecycle = Lifecycle(store: store, clock: clock, bootID: "none")
    let jobs = try JobService(
      store: store, lifecycle: lifecycle, catalogue: Catalogue(found: Toolbox.find()), blocking: blocking, clock: clock,
      bell: Doorbell(),
      links: links, announcing: announcing, log: log)
    let parts = AdminParts(
      store: store, lifecycle: lifecycle,
      approvals: Approvals(
        store: store, clock: clock, entropy: .system, keyPrefix: AllDialects.usualKeyPrefix, mailing: mailing),
      accounts: Accounts(store: store, clock: clock, entropy: .system, threads: passwords, mailing: mailing),
      webhooks: WebhookParts(
        subscriptions: Subscriptions(store: store, clock: clock, entropy: .system, styles: webhooks.offers),
        replays: Replays(store: store, announcing: announcing, clock: clock, entropy: .system), watch: nil,
        fields: SentFields(DeliveryPolicies(AllStyles.all.map(\.policy))).of),
      conversions: ConversionParts(
        jobs: jobs, streams: EventStreams(), forms: MultipartLimits(), maxUpload: settings.number(.maxUpload),
        spool: store.spool),
      mailing: mailing,
      janitor: Janitor(
        store: store, lifecycle: lifecycle, retention: settings.span(.retention), history: settings.span(.history),
        clock: clock,
        watch: ClockWatch(clock: clock, settle: settings.span(.clockSettle), log: log), log: log),
      blocking: blocking, clock: clock, entropy: .system, keyPrefix: AllDialects.usualKeyPrefix,
      keyPrefixes: AllDialects.keyPrefixes(), owner: geteuid(), facts: { .object([]) },
      findings: { .array([]) })
    let refuse = AllDialects.houseRefuse(log)
    router = Router(groups: [AdminAPI.group(parts, refuse: refuse)], fallback: refuse)
  }

  @Sendable func exchange(_ method: String, _ target: String, _ body: JSONValue?) throws -> AdminReply {
    guard let method = Method(rawValue: method) else { throw AdminFailure(description: "no method \(method)") }
    let parts = target.split(separator: "?", maxSplits: 1)
    let query = parts.count > 1 ? PercentEncoding.pairs(Array(parts[1].utf8)) ?? [] : []
    let bytes = body.map { Array($0.text.utf8) } ?? []
    let answer = Mutex<Response?>(nil)
    let done = Doorbell()
    let path = String(parts.first ?? "")
    Task { [router] in
      var request = Request(
        method, target, path: path, query: query, body: RequestBody(bytes: bytes), peer: .unix(user: geteuid()))
      let response = await router.respond(to: &request)
      answer.withLock { $0 = response }
      done.ring()
    }
    _ = done.wait()
    guard let response = answer.withLock({ $0 }), case .bytes(let bytes) = response.body else {
      throw AdminFailure(description: "no answer")
    }
    return AdminReply(status: response.status.code, document: try JSONReader.parse(bytes))
  }

  @Sendable func close() {
    passwords.close()
    blocking.close()
    store.close()
  }
}
