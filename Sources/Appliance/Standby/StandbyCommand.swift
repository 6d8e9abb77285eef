import Basics
import Dashboard
import Glibc
import Storage

/// The command `wonder standby`.
enum StandbyCommand {
  /// How often it says how it is when nothing changes.
  private static let silence = Duration.seconds(60)
  /// How many copies are asked for at once when files of the first ones went before they were fetched.
  private static let tries = 3
  /// So many times as long as a copy took, the first server is left alone.
  private static let leisure = 3

  static let command = Command(
    "standby", "follows another server, to take its place when that one is lost",
    options: [
      .init("--from", "URL|DIR", "whom to follow: a server's https address, or a data directory on this machine"),
      .init("--once", nil, "looks once, and ends"),
      .init("--status", nil, "says how far it is, and ends with 1 when that is too far"),
      .init("--promote", nil, "ends the following: the directory is one to serve from then"),
      .init("--force", nil, "promotes although the first server answers, or files are missing"),
      .init("--allow-http", nil, "follows over a network without encryption"), AdminCommands.json,
    ],
    examples: [
      "WONDER_STANDBY_TOKEN_FILE=/etc/wonder/standby.token wonder standby --from https://convert.example.com",
      "wonder standby --status --json", "wonder standby --promote",
    ]
  ) { call in
    if call["--status"] != nil { return try status(call) }
    if call["--promote"] != nil { return try promote(call) }
    return try follow(call)
  }

  private static func follow(_ call: Invocation) throws -> Command.Outcome {
    let signals = Signals()
    let bell = Doorbell()
    let data = try DataPlace.find(call.settings, makes: true)
    try DirectoryOwner.become(ownerOf: data)
    let from = call["--from"] ?? call.settings.text(.standbyFrom)
    guard !from.isEmpty else {
      throw UsageFailure("--from URL, --from DIR or \(Setting.standbyFrom.name) must say whom to follow")
    }
    try check(from, call)
    let directory = try directory(data, from)
    defer { directory.close() }
    let source = try source(from, call, scratch: directory.spoolPath, bell)
    _ = try ServiceThread(trying: "signals") {
      while signals.wait() == "SIGHUP" {}
      bell.close()
    }
    let manager = ServiceManager(environment: ProcessEnvironment.variables)
    manager.tellReady("following \(from)")
    var round = StandbyRound(source: source, directory: directory, clock: .system)
    if call["--once"] != nil {
      do { _ = try look(&round, call, says: true) } catch {
        directory.failed("\(error)", at: Clock.system.now())
        throw error
      }
      return .done
    }
    repeatedly(&round, call, bell)
    manager.tellStopping()
    return .done
  }

  /// A directory of something else is no reason to try again.
  private static func directory(_ data: String, _ from: String) throws -> StandbyDirectory {
    do { return try StandbyDirectory(path: data, from: from) } catch let failure as StandbyFailure {
      guard case .notEmpty = failure else { throw failure }
      throw UsageFailure("\(failure)")
    }
  }

  /// Looks until the bell is closed; what fails is tried again, later each time.
  private static func repeatedly(_ round: inout StandbyRound, _ call: Invocation, _ bell: Doorbell) {
    let clock = Clock.system
    let interval = call.settings.span(.standbyInterval)
    var setback = Setback("the first server cannot be followed", log: Log(style: .text, least: .notice))
    var spoken = Int64.min
    while !bell.isClosed {
      var pause = interval
      do {
        let now = clock.monotonic()
        let isDue = spoken == .min || now - spoken > silence.nanoseconds
        let outcome = try look(&round, call, says: isDue)
        if outcome.isNew || isDue { spoken = now }
        setback.worked()
        pause = max(interval, outcome.copying * leisure)
      } catch {
        if bell.isClosed { return }
        round.directory.failed("\(error)", at: clock.now())
        pause = max(min(interval, .seconds(1)), setback.failed(error))
      }
      _ = bell.wait(timeout: pause)
    }
  }

  /// One look, and another one at once when files went meanwhile.
  private static func look(_ round: inout StandbyRound, _ call: Invocation, says: Bool) throws -> StandbyRound.Outcome {
    for number in 1... {
      do {
        let outcome = try round.run()
        if outcome.isNew || says { say(round.directory.record, outcome, call) }
        return outcome
      } catch let failure as StandbyFailure {
        guard case .gone = failure, number < tries else { throw failure }
      }
    }
    return StandbyRound.Outcome()
  }

  private static func say(_ record: StandbyRecord, _ outcome: StandbyRound.Outcome, _ call: Invocation) {
    let lag = record.lag(at: Clock.system.now()) ?? .zero
    guard call["--json"] == nil else {
      return call.console.out(document(record, at: Clock.system.now()).text)
    }
    let news = outcome.files > 0 ? "; \(outcome.files) files, \(outcome.bytes) bytes came" : ""
    call.console.out("wonder standby: \(StandbyWords.state(record, lag))\(news)")
  }

  private static func document(_ record: StandbyRecord, at now: Timestamp) -> JSONValue {
    .object(
      (record.json.members ?? []) + [
        (name: "lag_ms", value: record.lag(at: now).map { .integer($0.milliseconds) } ?? .null)
      ])
  }

  private static func status(_ call: Invocation) throws -> Command.Outcome {
    let data = try DataPlace.find(call.settings)
    guard let record = try DirectoryOwner.acting(asOwnerOf: data, { try StandbyRecord.read(data) }) else {
      throw StandbyFailure.notAStandby(path: data)
    }
    let now = Clock.system.now()
    call.console.out(
      call["--json"] != nil ? document(record, at: now).text : StandbyWords.state(record, record.lag(at: now) ?? .zero))
    return StandbyWords.isLate(record, call.settings, at: now) ? .failed : .done
  }

  private static func promote(_ call: Invocation) throws -> Command.Outcome {
    let data = try DataPlace.find(call.settings)
    try DirectoryOwner.become(ownerOf: data)
    guard let record = try StandbyRecord.read(data) else { throw StandbyFailure.notAStandby(path: data) }
    let from = call["--from"] ?? record.from
    let isForced = call["--force"] != nil
    if !isForced, try source(from, call, scratch: data, Doorbell()).answers() {
      throw StandbyFailure.stillAnswers(from: from)
    }
    let held = try StandbyEnd.promote(data, lacking: isForced)
    let now = Clock.system.now()
    guard call["--json"] == nil else {
      call.console.out(document(held, at: now).text)
      return .done
    }
    call.console.out("\(data): promoted; \(StandbyWords.state(held, held.lag(at: now) ?? .zero))")
    call.console.out(
      "what \(from) has accepted later is not there; start it with `systemctl start wonder`, or `wonder serve`")
    return .done
  }

  private static func isURL(_ from: String) -> Bool { from.contains("://") }

  private static func check(_ from: String, _ call: Invocation) throws {
    guard isURL(from) else { return }
    if let problem = RemoteSource.problem(from, allowsHTTP: call["--allow-http"] != nil) { throw UsageFailure(problem) }
    let token = call.settings.entry(.standbyToken)
    guard token.source != .flag else {
      throw UsageFailure(
        "everybody on this machine would see the token in the list of processes; name the file that has it in "
          + "\(Setting.standbyToken.name)_FILE")
    }
    guard !token.value.isEmpty else {
      throw UsageFailure(
        "\(Setting.standbyToken.name) is needed, the same as on the first server; \(Setting.standbyToken.name)_FILE names a "
          + "file that has it")
    }
  }

  private static func source(
    _ from: String, _ call: Invocation, scratch: String, _ bell: Doorbell
  ) throws -> any StandbySource {
    let identity = StandbyIdentity(name: Program.host, interval: call.settings.span(.standbyInterval))
    return isURL(from)
      ? try RemoteSource(from, token: call.settings.text(.standbyToken), as: identity, bell: bell)
      : DirectorySource(from, as: identity, scratch: scratch, bell: bell)
  }
}
