import Basics
import Conversion
import Dashboard
import Dialects
import Engine
import Formats
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
    let machine = try MachineCatalogue(settings)
    let core = try Core(
      settings, store: store, catalogue: CatalogueSource(machine.now), blocking: blocking, passwords: passwords,
      clock: clock, entropy: .system, log: log)
    core.home.listens(on: [settings.text(.listen)])
    let watch = ClockWatch(clock: clock, settle: settings.span(.clockSettle), log: log)
    let webhooks = core.webhookParts(
      watch: nil, rests: DeliveryRests(), policies: DeliveryPolicies(AllStyles.all.map(\.policy)))
    let parts = core.adminParts(
      webhooks: webhooks, janitor: core.janitor(watch, log: log), streams: EventStreams(), forms: MultipartLimits())
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
    guard let response = answer.withLock({ $0 }) else { throw AdminFailure(description: "no answer") }
    let code = response.status.code
    switch response.body {
    case .none: return AdminReply(status: code, document: .object([]))
    case .bytes(let bytes): return AdminReply(status: code, document: try JSONReader.parse(bytes))
    default: throw AdminFailure(description: "the answer is no document")
    }
  }

  @Sendable func close() {
    passwords.close()
    blocking.close()
    store.close()
  }
}
