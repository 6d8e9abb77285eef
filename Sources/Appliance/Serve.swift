package import Basics
package import Conversion
import Dashboard
package import Dialects
import Engine
package import Formats
import Glibc
import HTTP
import Outbound
import Outbox
import Storage

/// The running appliance: every part made and wired here, nothing decided.
package final class Serve: Sendable {
  /// How long running requests and jobs may take together to end when the service stops; with the webhooks and the
  /// closing of the database less than the 45 s after which systemd kills (TimeoutStopSec= of the unit).
  static let grace = Duration.seconds(30)
  /// How long webhooks under way may take to be answered then; the others are sent again at the next start.
  static let webhookGrace = Duration.seconds(5)

  private let store: Store
  private let blocking: Blocking
  private let pool: WorkerPool
  /// One for each lane, for what a lane is for may come at any time.
  private let runners: [Runner]
  /// Nil where the programs are given.
  private let discovery: ToolDiscovery?
  private let benches: Benches
  private let remote: RemoteParts
  private let janitor: Janitor
  private let janitorThread: ServiceThread
  private let server: Server
  private let metricsPort: MetricsPort?
  private let lines: LogWriter
  private let clock: Clock
  private let workers: Int
  private let facts: ServerFacts
  private let addresses: AddressGuard
  /// Asked about what the settings name.
  private let houses = AddressGuard.forOperators()
  private let courier: Courier
  /// The courier of mail, when it is set up.
  private let postman: Courier?
  private let fetcher: Fetcher
  private let uploader: Uploader
  private let siteWorker: SiteWorker
  /// Where rates are fetched each day, when somebody has said from where.
  private let rates: (thread: RateThread, service: ServiceThread)?
  private let home: HomeAddress
  private let lookout: Lookout
  private let followers: Followers
  /// Nil where no backups are made by themselves.
  private let keeper: BackupThread?
  private let recorder: RateRecorder
  private let recorderThread: ServiceThread
  private let passwords = PasswordThreads(threads: max(1, Program.cores / 2))
  private let accounts: Accounts
  /// What every route needs of whoever asks, for the test that tries them all.
  package let needs: [(method: String, path: String, need: String)]
  /// The routes that the API's description has.
  package let described: [String]

  /// Opens the data directory and makes all parts; nothing listens and no job runs before `start`.
  ///
  /// `masked` are layers of the sandbox to go without, as on a kernel that lacks them; `patience` is how long a client
  /// waits that asked for the result at once; `toolbox` are the programs that are here, which else are looked for in
  /// `folders` and tried.
  package init(
    settings: Settings, program: ProgramFile, log: Log, clock: Clock = .system, entropy: Entropy = .system,
    masked: Set<SandboxLayer> = [], patience: Duration = .seconds(30), dialects: [AllDialects.Row] = AllDialects.all,
    makers: [any Maker] = Makers.all, toolbox: Toolbox? = nil, folders: [String] = Toolbox.folders,
    maskedTools: ToolConfinement = []
  ) throws {
    guard let address = ListenAddress(settings.text(.listen)) else {
      throw SettingsFailure(place: "WONDER_LISTEN", problem: "\(settings.text(.listen)) is no ADDRESS:PORT")
    }
    let makers = try AllowedPrograms(settings).filter(makers)
    let proxies: TrustedProxies
    do {
      proxies = try TrustedProxies(
        settings.text(.trustedProxies), userField: SignOnSettings(settings).userHeader)
    } catch let failure as TrustedProxies.Invalid {
      throw SettingsFailure(place: "WONDER_TRUSTED_PROXIES", problem: "\(failure)")
    }
    let shares = try DescriptorShares(
      limit: DescriptorLimit.current, wanted: Int(settings.number(.workers)),
      documents: Int(settings.number(.officeWorkers)), films: Int(settings.number(.mediaWorkers)),
      pages: Int(settings.number(.pageWorkers)),
      cores: Program.cores, memory: Program.memory,
      hasMail: MailRoute(settings) != nil)
    let lines = try LogWriter(write: log.write)
    self.lines = lines
    self.clock = clock
    let log = log.writing { lines.add($0) }
    var httpLimits = ServerLimits(settings)
    let wantedConnections = Int(settings.number(.httpConnections))
    if wantedConnections > shares.connections {
      log.warning(
        "fewer connections than WONDER_HTTP_CONNECTIONS, for want of open files",
        ["wanted": String(wantedConnections), "connections": String(shares.connections)])
    }
    httpLimits.connections = min(
      wantedConnections > 0 ? wantedConnections : shares.connections, shares.connections)
    workers = shares.workers
    blocking = Blocking(mostThreads: shares.blocking)
    try blocking.start()
    try passwords.start()
    let bells = LaneBells()
    store = try Store(path: settings.text(.data), clock: clock, entropy: entropy, log: log)
    addresses = AddressGuard(settings)
    let watch = DeliveryWatch()
    let rests = DeliveryRests()
    let policies = DeliveryPolicies(AllStyles.all(with: dialects).map(\.policy))
    let courier = try Courier(
      store: store, addresses: addresses, policies: policies, clock: clock, log: log, watch: watch, rests: rests,
      mostAtOnce: shares.deliveries)
    self.courier = courier
    let route = MailRoute(settings)
    let postman = try route.map { [store, addresses] in
      try Courier(
        store: store, addresses: addresses, policies: DeliveryPolicies([.mail]), clock: clock, log: log, watch: watch,
        rests: rests, mail: $0, mostAtOnce: shares.deliveries)
    }
    self.postman = postman
    let downloads = try Client(addresses, connections: shares.downloads)
    let sites = try Client(addresses, connections: shares.sites)
    let uploads = try Client(addresses, connections: shares.uploads)
    let catalogue = CatalogueSource()
    if let toolbox { catalogue.change(to: Catalogue(makers: makers, found: toolbox)) }
    discovery =
      toolbox == nil
      ? ToolDiscovery(
        makers: makers, folders: folders, catalogue: catalogue, hasRoom: { [store] in store.hasRoomToSpare }, log: log)
      : nil
    let core = try Core(
      settings, store: store, catalogue: catalogue, blocking: blocking, passwords: passwords, clock: clock,
      entropy: entropy, log: log, dialects: dialects, patience: patience, addresses: addresses,
      calls: Core.Calls(
        bells: bells, mail: { postman?.wake() },
        webhooks: {
          courier.wake()
          postman?.wake()
        }, downloads: { downloads.wake() }, sites: { sites.wake() }, uploads: { uploads.wake() }))
    let (home, lifecycle, jobs) = (core.home, core.lifecycle, core.jobs)
    self.home = home
    try Serve.check(core.webhooks.offers, store, log)
    let recovered = try lifecycle.recover()
    if recovered > 0 { log.notice("jobs of an earlier run wait again", ["jobs": String(recovered)]) }
    pool = WorkerPool(
      // One more than one workspace may have, so that whoever comes finds it free.
      program: program, workers: workers + 1, threads: Program.threads(settings.number(.threads)),
      limits: ConversionLimits(settings), masked: masked, jobsPerChild: Int(settings.number(.jobsPerChild)),
      isPatient: true,
      log: log)
    try Serve.check(pool, settings, log)
    // One page more than a workspace may have, for whoever comes.
    let workshop = Workshop(
      settings, program: program, pool: pool, finding: { catalogue.now.found }, spool: store.spool, masked: maskedTools,
      residents: shares.documents, pages: shares.pages + 1, addresses: addresses, log: log)
    let tools = workshop.tools
    benches = workshop.benches
    let terms = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, LaneTerms($0, settings, shares)) })
    let remote = try RemoteParts(
      settings, local: benches, workers: terms.mapValues(\.workers), store: store, log: log,
      clock: clock, entropy: entropy)
    self.remote = remote
    facts = ServerFacts(
      settings: settings, pool: pool, discovery: discovery, figures: tools.figures, blocking: blocking,
      backups: ScheduledBackupCheck(plan: core.backups, store: store, clock: clock),
      remote: RemoteFacts(parts: remote), followers: core.followers, clock: clock)
    keeper = try core.backups.map { [store, houses] in
      BackupThread(
        BackupKeeper(
          store: store, plan: $0, client: try Client(houses, connections: 1),
          agent: "wonder/\(VersionCommand.version)", host: Program.host, clock: clock, log: log))
    }
    let measures = JobMeasures()
    runners = Lane.allCases.map { [pool, store] lane in
      let terms = terms[lane] ?? LaneTerms(lane, settings, shares)
      return Runner(
        lane, store: store, lifecycle: lifecycle, pool: pool, benches: remote.bench, catalogue: catalogue,
        workers: terms.workers, spare: terms.spare,
        timeLimit: terms.conversionTime, jobTime: terms.jobTime, clock: clock, log: log, bells: bells,
        measures: measures)
    }
    fetcher = Fetcher(
      store: store, lifecycle: lifecycle, client: downloads, catalogue: catalogue,
      timeLimit: settings.span(.downloadTime), agent: "wonder/\(VersionCommand.version)", mostAtOnce: shares.downloads,
      clock: clock, log: log)
    uploader = Uploader(
      store: store, lifecycle: lifecycle, client: uploads, timeLimit: settings.span(.uploadTime),
      agent: "wonder/\(VersionCommand.version)", mostAtOnce: shares.uploads, clock: clock, log: log)
    siteWorker = SiteWorker(
      store: store, ledger: jobs.sites, client: sites,
      reader: BenchReader(bench: pool, catalogue: catalogue, spool: store.spool),
      searchTime: settings.span(.siteTime), agent: "wonder/\(VersionCommand.version)", mostAtOnce: shares.sites,
      clock: clock, log: log)
    let streams = EventStreams(httpLimits)
    let clockWatch = ClockWatch(clock: clock, settle: settings.span(.clockSettle), log: log) { span in
      do { try lifecycle.clockWasSet(by: span) } catch {
        log.error("jobs that are tried again wait by the clock as it was", ["error": "\(error)"])
      }
    }
    // A key or a session may have ended by its age.
    let janitor = core.janitor(
      clockWatch, log: log,
      eachRound: {
        streams.recheck()
        remote.sweep()
      })
    self.janitor = janitor
    janitorThread = try ServiceThread(trying: "janitor") { janitor.serve() }
    rates =
      core.dailyRates.url.isEmpty
      ? nil
      : try {
        let thread = RateThread(core.dailyRates, log: log)
        return (thread, try ServiceThread(trying: "currencies") { thread.serve() })
      }()
    recorder = jobs.recorder
    accounts = core.accounts
    let refuse = AllDialects.houseRefuse(log)
    let anonymous = Set(settings.text(.anonymous).split { $0 == "," || $0 == " " }.map(String.init)).subtracting([
      "none"
    ])
    let dialectParts = DialectParts(
      jobs: jobs, approvals: core.approvals, address: PublicAddress(configured: settings.text(.publicURL)),
      spool: store.spool, maxUpload: settings.number(.maxUpload), log: log, forms: httpLimits.form,
      streams: streams, anonymous: anonymous, signedCallbacks: [settings.text(.signedCallbacks)],
      reaches: { [addresses] text in
        let address = WebAddress(written: text).normalised
        guard let host = address.host else { return false }
        return addresses.reaches(host, port: address.port ?? (address.scheme == "https" ? 443 : 80))
      })
    try Serve.letVisitorsIn(dialectParts, dialects, store, clock, entropy)
    let adminParts = core.adminParts(
      webhooks: core.webhookParts(watch: watch, rests: rests, policies: policies), janitor: janitor, streams: streams,
      forms: httpLimits.form, provider: core.provider(houses, log: log), nodes: remote.nodes, facts: facts.document,
      findings: facts.findings
    )
    needs =
      AllDialects.needs(dialectParts, dialects) + AdminAPI.needs(adminParts)
    described = AllDialects.described(dialectParts)
    let admin = AdminAPI.group(adminParts, refuse: refuse)
    followers = core.followers
    lookout = Lookout(store: store, followers: core.followers, clock: clockWatch, log: log)
    let readiness = Readiness(store: store, lookout: lookout, pool: pool, blocking: blocking, clock: clock)
    let health = HealthRoutes.group(probe: readiness.problems, refuse: refuse)
    let traffic = Traffic()
    let metrics = MetricsRoutes(
      token: settings.text(.metricsToken),
      Metrics(
        store: store, measures: measures, couriers: [courier, postman].compactMap { $0 }, pool: pool,
        programs: ProgramMetrics(figures: tools.figures, discovery: discovery),
        remote: RemoteMetrics(line: remote.line),
        workers: workers,
        startedAt: clock.now(),
        traffic: traffic, backups: core.backups, followers: core.followers), blocking)
    metricsPort = try MetricsPort(settings, metrics, limits: httpLimits, log: log, refuse: refuse)
    let router = Router(
      groups: AllDialects.groups(dialectParts, dialects) + [
        admin, health, metrics.guarded(refuse: refuse), NodeAPI.group(remote.nodes, blocking: blocking, refuse: refuse),
        Pages.group(link: { dialectParts.address.link($0, for: $1) }, refuse: refuse),
      ], prefix: PathPrefix(ofURL: settings.text(.publicURL)), fallback: refuse)
    recorderThread = try ServiceThread(trying: "rates") { [recorder] in recorder.serve() }
    server = Server(
      limits: httpLimits, router: router, proxies: proxies, loops: Program.cores,
      clock: clock, entropy: entropy, log: log, accessLog: log, traffic: traffic,
      listen: [address, .unix(path: store.directory.socketPath)])
  }

  /// Says which endpoints are told nothing, because their style is none of this server's.
  private static func check(_ offers: [OfferedStyle], _ store: Store, _ log: Log) throws {
    let unknown = try store.read { try Endpoints.styles(in: $0) }.filter { style in
      !offers.contains { $0.name == style }
    }
    guard !unknown.isEmpty else { return }
    log.warning(
      "endpoints of a style that this server does not have are told nothing",
      ["styles": unknown.map(\.rawValue).joined(separator: ", ")])
  }

  /// Gives visitors their workspace when some dialect takes them; throws `SettingsFailure` when it cannot be theirs.
  private static func letVisitorsIn(
    _ parts: DialectParts, _ dialects: [AllDialects.Row], _ store: Store, _ clock: Clock, _ entropy: Entropy
  ) throws {
    let place = "WONDER_ANONYMOUS"
    let able = AllDialects.takingVisitors(parts, dialects)
    if let other = parts.anonymous.sorted().first(where: { !able.contains($0) }) {
      throw SettingsFailure(
        place: place, problem: "\"\(other)\" takes no visitors; valid: \((["none"] + able).joined(separator: ", "))")
    }
    guard !parts.anonymous.isEmpty else { return }
    do { try Visitors.settle(in: store, clock: clock, entropy: entropy) } catch is Visitors.NameTaken {
      throw SettingsFailure(
        place: place,
        problem:
          "there is a workspace \"\(Visitors.workspace)\" already, which is somebody's: delete it first, or set none")
    }
  }

  /// Throws `SettingsFailure` when the sandbox is weaker than the operator asks for.
  private static func check(_ pool: WorkerPool, _ settings: Settings, _ log: Log) throws {
    let layers = pool.sandboxLevel
    let level = SandboxLevel(layers)
    let wanted = SandboxLevel(setting: settings.text(.sandbox))
    let missing = SandboxLevel.missing(from: layers)
    guard level >= wanted else {
      pool.close()
      throw SettingsFailure(
        place: "WONDER_SANDBOX",
        problem: "\(settings.text(.sandbox)) cannot be had on this machine, which lacks \(missing)")
    }
    if level < .full { log.warning("the sandbox of decoders is not whole", ["level": "\(level)", "missing": missing]) }
  }

  /// Begins to listen and to run jobs; gives the addresses that were bound.
  package func start() throws -> [String] {
    try server.start()
    try lookout.start(minding: server)
    try metricsPort?.start()
    let bound = server.addresses.compactMap { address in
      if case .tcp = address { address.description } else { nil }
    }
    for case .tcp(let text, let port) in server.addresses + (metricsPort?.addresses ?? []) {
      guard let address = IPAddress(text) else { continue }
      for guardian in [addresses, houses] { guardian.listens(on: address, port: port) }
    }
    home.listens(on: bound)
    try courier.start()
    try postman?.start()
    try fetcher.start()
    try uploader.start()
    try siteWorker.start()
    for runner in runners { try runner.start() }
    try remote.start(runners)
    try discovery?.start(on: benches)
    try keeper?.start()
    facts.listens(on: bound)
    return bound
  }

  /// The token of a new setup link, or nil when somebody administers the appliance already.
  package func makeSetupLink() throws -> String? {
    try accounts.needsSetup() ? try accounts.makeSetupLink() : nil
  }

  /// Looks again, and in the background, for programs and whether they work.
  package func lookForPrograms() { discovery?.lookAgain() }

  /// Removes at once what has had its time, as happens by itself once a minute.
  package func sweep() throws {
    try janitor.sweep()
  }

  /// True while the writer answers and the workers get on; blocks as long as the writer does.
  ///
  /// A writer that refuses, because the disk is full or cannot be trusted, is alive: a new start would not mend that.
  package func isAlive() -> Bool {
    _ = try? store.writeBlocking { _ in }
    return runners.allSatisfy(\.isAlive) && pool.canWork
  }

  /// Takes nothing new, lets what runs end, and closes the data directory.
  package func stop() {
    let start = clock.monotonic()
    remote.nodes.close()
    server.drainBlocking(within: Serve.grace)
    discovery?.stop()
    for runner in runners { runner.takeNoMore() }
    remote.bench.detach()
    for runner in runners {
      runner.stop(grace: max(.seconds(1), Serve.grace - .nanoseconds(clock.monotonic() - start)))
    }
    remote.stop()
    benches.close()
    siteWorker.stop()
    rates?.thread.stop()
    rates?.service.join()
    fetcher.stop()
    uploader.stop()
    courier.stop(grace: Serve.webhookGrace)
    postman?.stop(grace: Serve.webhookGrace)
    keeper?.stop()
    lookout.stop()
    server.stop()
    metricsPort?.stop()
    janitor.stop()
    janitorThread.join()
    recorder.stop()
    recorderThread.join()
    pool.close()
    passwords.close()
    blocking.close()
    followers.close()
    store.close()
    lines.close()
  }
}
