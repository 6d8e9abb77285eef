import Basics
import Conversion
import Engine
import Formats
import Pictures
import Synchronization

/// What the running server tells an operator about itself.
final class ServerFacts: Sendable {
  private let settings: Settings
  private let pool: WorkerPool
  private let check: PoolCheck
  /// Nil where the programs are given.
  private let discovery: ToolDiscovery?
  private let figures: ToolFigures
  private let blocking: Blocking
  private let backups: ScheduledBackupCheck
  private let remote: RemoteFacts
  private let followers: Followers
  private let clock: Clock
  private let addresses = Mutex<[String]>([])

  init(
    settings: Settings, pool: WorkerPool, discovery: ToolDiscovery?, figures: ToolFigures, blocking: Blocking,
    backups: ScheduledBackupCheck, remote: RemoteFacts, followers: Followers, clock: Clock
  ) {
    self.remote = remote
    self.backups = backups
    self.followers = followers
    self.clock = clock
    self.settings = settings
    self.pool = pool
    self.discovery = discovery
    self.figures = figures
    check = PoolCheck(pool: pool, wanted: SandboxLevel(setting: settings.text(.sandbox)))
    self.blocking = blocking
  }

  /// Called once the ports are known.
  func listens(on bound: [String]) {
    addresses.withLock { $0 = bound }
  }

  /// Where the server is, and what it works with.
  @Sendable func document() async throws -> JSONValue {
    let status = pool.status
    let busy = status.count { $0.busy != nil }
    return .object([
      ("version", .string(VersionCommand.version)),
      ("addresses", .array(addresses.withLock { $0 }.map(JSONValue.string))),
      ("public_url", .string(settings.text(.publicURL))),
      ("workers", .object([("all", .integer(Int64(status.count))), ("busy", .integer(Int64(busy)))])),
      (
        "sandbox",
        .object([
          ("level", .string("\(SandboxLevel(pool.sandboxLevel))")),
          ("missing", .string(SandboxLevel.missing(from: pool.sandboxLevel))),
        ])
      ),
      (
        "libraries",
        .array(ImageLibraries.versions.map { .object([("name", .string($0.name)), ("version", .string($0.version))]) })
      ),
      ("programs", .array(programs)), ("remote", remote.document),
    ])
  }

  /// Each program of others once, with the worst that is known of what it makes.
  private var programs: [JSONValue] {
    var found: [(name: String, package: String, state: String)] = []
    for standing in discovery?.standings ?? [] {
      let program = standing.tool.program
      guard let index = found.firstIndex(where: { $0.name == program.name }) else {
        found.append((program.name, program.package, standing.word))
        continue
      }
      if standing.word == "broken" { found[index].state = standing.word }
    }
    return found.map {
      .object([("name", .string($0.name)), ("package", .string($0.package)), ("state", .string($0.state))])
    }
  }

  /// How its workers do, found by using them, and how its programs did when they were tried last; takes a while.
  @Sendable func findings() async throws -> JSONValue {
    let found = try await blocking.run { [check, discovery, figures, backups, remote, followers, clock] in
      check.findings() + backups.findings() + remote.findings()
        + StandbyCheck.findings(followers.all, at: clock.now())
        + ProgramCheck(standings: discovery?.standings ?? [], figures: figures.figures).findings()
    }
    return .array(found.map(\.json))
  }
}

extension ToolStanding {
  /// What the pages call it.
  fileprivate var word: String {
    switch state {
    case .missing: "missing"
    case .new, .untried: "untried"
    case .works: "ok"
    case .broken: "broken"
    }
  }
}
