import Basics
import Conversion
import Outbound
import Formats
import Glibc
import HTTP
import Storage

/// Looks at everything that has to work, from outside and, when a server runs, through it.
struct Doctor {
  let settings: Settings

  private var data: String { settings.text(.data) }

  /// Everything that was found, in the order in which it should be mended.
  func findings() -> [Finding] {
    if let file = settings.unreadable, settings.entry(.data).source == .standard {
      return [Finding(.broken, "settings", "\(DataPlaceFailure.unreadable(file))"), clock()] + outbound() + ownPool()
    }
    let isThere = access(data, F_OK) == 0
    guard isThere else {
      return [Finding(.warning, "data directory", "\(data) is not there yet; `wonder serve` makes it"), clock()]
        + address()
        + outbound() + ownPool()
    }
    do {
      try DirectoryOwner.become(ownerOf: data)
    } catch {
      return [Finding(.broken, "data directory", "\(error)")]
    }
    if let standby = StandbyCheck.finding(data, settings, at: Clock.system.now()) {
      return [directory(), disk(), clock(), standby]
    }
    let kept = [
      StoredFilesCheck(data: data).finding(), RateCheck(settings: settings).finding(at: Clock.system.now()),
    ].compactMap { $0 }
    return [directory(), disk(), clock(), database()] + kept + outbound() + server()
  }

  private func clock() -> Finding {
    ClockCheck.finding(now: Clock.system.now(), isSynchronized: ClockCheck.isSynchronized())
  }

  /// What concerns the connections that the server makes.
  private func outbound() -> [Finding] {
    [WebhookCheck().finding()] + TargetCheck(settings: settings).findings()
      + [MailCheck(settings: settings).finding(), ProviderCheck(settings: settings).finding()].compactMap { $0 }
  }

  private func directory() -> Finding {
    var facts = stat()
    guard stat(data, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      return Finding(.broken, "data directory", "\(data) is not a directory")
    }
    guard access(data, R_OK | W_OK | X_OK) == 0 else {
      return Finding(.broken, "data directory", "\(data) cannot be written by this user; run as root or as its owner")
    }
    guard facts.st_mode & 0o077 == 0 else {
      let isOwn = facts.st_uid == geteuid()
      return Finding(
        .warning, "data directory",
        isOwn
          ? "\(data) is open to other users; chmod 700 \(data)"
          : "\(data) is user \(facts.st_uid)'s and open to others; what is in it is for this user alone, but they can take it away"
      )
    }
    return Finding(.ok, "data directory", data)
  }

  private func disk() -> Finding {
    guard let space = DiskSpace(at: data) else {
      return Finding(.broken, "disk", "\(SystemFailure("statvfs", data))")
    }
    let text = "\(Quantity.size((space.free >> 20) << 20)) free"
    if space.free < space.leastFree {
      return Finding(
        .warning, "disk", "\(text); jobs are refused under \(Quantity.size((space.leastFree >> 20) << 20))")
    }
    return Finding(.ok, "disk", text)
  }

  private func database() -> Finding {
    let path = data + "/wonder.db"
    guard access(path, F_OK) == 0 else {
      return Finding(.warning, "database", "not there yet; `wonder serve` makes it")
    }
    do {
      let database = try Database(path: path, mode: .reading)
      if let problem = try database.quickCheck().first {
        return Finding(.broken, "database", "damaged: \(problem); keep a copy of \(data) and restore a backup")
      }
      let journal = try database.first("PRAGMA journal_mode") { $0.text(0) } ?? ""
      let version = try database.first("PRAGMA user_version") { $0.integer(0) } ?? 0
      return Finding(
        .ok, "database", "SQLite \(Database.libraryVersion), \(journal), schema \(version), quick_check ok")
    } catch {
      return Finding(.broken, "database", "\(error)")
    }
  }

  /// Asks the running server how it is; without one looks at what a server would need.
  private func server() -> [Finding] {
    let socket = data + "/wonder.sock"
    do {
      guard let descriptor = try UnixSocket.connect(socket) else { return address() + ownPool() }
      close(descriptor)
      let reply = try AdminSocket.exchange(socket, "GET", "/admin/api/v1/server", nil)
      if let problem = reply.problem { return [Finding(.broken, "server", problem)] }
      let server = reply.document["server"]
      let checked = try AdminSocket.exchange(socket, "GET", "/admin/api/v1/server/findings", nil)
      if let problem = checked.problem { return [Finding(.broken, "server", problem)] }
      let addresses = server?["addresses"]?.array?.compactMap(\.string).joined(separator: ", ") ?? ""
      return [Finding(.ok, "server", "running on \(addresses), version \(server?["version"]?.string ?? "")")]
        + [publicAddress(addresses)].compactMap { $0 }
        + (checked.document["findings"]?.array?.compactMap(Finding.init) ?? [])
    } catch {
      return [Finding(.broken, "server", "\(error)")]
    }
  }

  private func address() -> [Finding] {
    let text = settings.text(.listen)
    guard let address = ListenAddress(text) else {
      return [Finding(.broken, "server", "WONDER_LISTEN: \(text) is no ADDRESS:PORT")]
    }
    let found: Finding
    do {
      try address.checkIsFree()
      found = Finding(.ok, "server", "not running; \(address) is free")
    } catch {
      let problem = ListenProblem.words(error)
      found = Finding(.broken, "server", "not running, and it could not listen on \(address): \(problem)")
    }
    return [found] + [publicAddress(text)].compactMap { $0 }
  }

  /// Links are made from the request's Host when no address is set, which callers from outside can choose.
  private func publicAddress(_ listening: String) -> Finding? {
    let isLocal = ["127.", "[::1]", "localhost"].contains { listening.hasPrefix($0) }
    guard settings.text(.publicURL).isEmpty, !isLocal else { return nil }
    return Finding(
      .warning, "public address", "listens on \(listening) without WONDER_PUBLIC_URL; set it to the https address")
  }

  private func ownPool() -> [Finding] {
    let pool = WorkerPool(program: Program.file(), workers: 1, limits: ConversionLimits(settings), log: .silent)
    defer { pool.close() }
    return PoolCheck(pool: pool, wanted: SandboxLevel(setting: settings.text(.sandbox))).findings() + ownPrograms()
  }

  /// Has each program that is here make its sample, in a folder that is gone afterwards.
  private func ownPrograms() -> [Finding] {
    let place: ToolPlace
    do throws(SystemFailure) {
      place = try ToolPlace("doctor")
    } catch {
      return [Finding(.warning, "programs", "not tried: \(error)")]
    }
    let makers: [any Maker]
    do throws(SettingsFailure) {
      makers = try AllowedPrograms(settings).filter(Makers.all)
    } catch {
      return [Finding(.broken, "programs", "\(error)")]
    }
    let catalogue = CatalogueSource()
    let discovery = ToolDiscovery(makers: makers, catalogue: catalogue, log: .silent)
    let pool = WorkerPool(
      program: Program.file(), workers: 1, limits: ConversionLimits(settings), jobsPerChild: 1, log: .silent)
    let workshop = Workshop(
      settings, program: Program.file(), pool: pool, finding: { catalogue.now.found }, spool: Spool(path: place.path),
      pages: 1, addresses: AddressGuard(settings), log: .silent)
    withExtendedLifetime(place) {
      discovery.look(on: workshop.benches)
      workshop.benches.close()
      pool.close()
    }
    return ProgramCheck(standings: discovery.standings, figures: workshop.tools.figures.figures).findings()
  }
}
