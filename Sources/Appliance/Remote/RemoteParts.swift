import Basics
import Conversion
import Engine
import Formats
import Glibc
import Storage

/// What has steps made on other machines, when the settings name some or machines join.
final class RemoteParts: Sendable {
  /// Threads for each place elsewhere in the lane of built-in work, whose orders go in bundles.
  private static let quickShare = 4
  private static let mostThreads = 256
  /// How long what an earlier run has left waits for the job that it belongs to.
  private static let patience = Duration.seconds(600)

  let line: AssignmentLine
  let bench: RemoteBench
  let lanes: Set<Lane>
  /// Nil without WONDER_LAUNCHER.
  let launcher: Launcher?
  /// Machines that come by themselves.
  let nodes: NodeDesk
  private let workers: [Lane: Int]
  private let log: Log
  private let clock: Clock
  private let startedAt: Int64

  /// Throws `SettingsFailure` for lanes that there are not, and for a folder that cannot be used.
  init(
    _ settings: Settings, local: any Bench, workers: [Lane: Int], store: Store, log: Log, clock: Clock,
    entropy: Entropy
  ) throws {
    lanes = try RemoteParts.lanes(settings)
    self.workers = workers
    self.log = log
    self.clock = clock
    startedAt = clock.monotonic()
    line = AssignmentLine(clock: clock)
    let place = try RemoteParts.place(settings, data: store.directory.path)
    let known = Setting.ofSteps.map { ($0.name, settings.text($0)) }
    bench = RemoteBench(
      // One more than one workspace may have, as there are threads.
      local: local, line: line, lanes: lanes, places: LocalPlaces(workers.mapValues { $0 + 1 }), place: place,
      version: VersionCommand.version, settings: Dictionary(uniqueKeysWithValues: known), log: log, clock: clock,
      entropy: entropy)
    launcher = try RemoteParts.words(settings).map { [line] words in
      Launcher(
        words: words, environment: RemoteParts.environment, line: line, place: place,
        slots: Int(settings.number(.launches)), log: log, entropy: entropy)
    }
    nodes = NodeDesk(
      store: store, line: line, version: VersionCommand.version, left: line.takeUp(in: place), clock: clock,
      entropy: entropy)
  }

  /// Has machines elsewhere work from now on; the runners get as many threads as there are places.
  func start(_ runners: [Runner]) throws(SystemFailure) {
    line.listen { [self] places in
      for runner in runners where lanes.contains(runner.lane) {
        let share = places * (runner.lane == .quick ? RemoteParts.quickShare : 1)
        do throws(SystemFailure) {
          try runner.allow(min(RemoteParts.mostThreads, (workers[runner.lane] ?? 1) + share))
        } catch {
          log.warning("fewer orders go to other machines than could", ["reason": "\(error)"])
        }
      }
    }
    try launcher?.start()
  }

  /// Once a minute: gives up machines that are silent, and what an earlier run has left and nobody has asked for.
  func sweep() {
    nodes.sweep()
    if clock.monotonic() - startedAt > RemoteParts.patience.nanoseconds { line.forgetLeft() }
  }

  func stop() {
    line.listen { _ in }
    launcher?.stop()
  }

  private static func words(_ settings: Settings) throws(SettingsFailure) -> [String]? {
    guard let words = CommandWords.split(settings.text(.launcher)) else {
      throw SettingsFailure(place: Setting.launcher.name, problem: "a quotation mark is not closed")
    }
    return words.isEmpty ? nil : words + [settings.text(.launchProgram), StepCommand.command.name]
  }

  private static func lanes(_ settings: Settings) throws(SettingsFailure) -> Set<Lane> {
    var lanes: Set<Lane> = []
    for word in settings.text(.launchLanes).split(whereSeparator: { $0 == "," || $0 == " " }) {
      guard let lane = Lane.allCases.first(where: { "\($0)" == word }) else {
        let names = Lane.allCases.map { "\($0)" }.joined(separator: ", ")
        throw SettingsFailure(
          place: Setting.launchLanes.name, problem: "\"\(word)\" is no lane; the lanes are \(names)")
      }
      lanes.insert(lane)
    }
    return lanes
  }

  /// A folder of this server's own, for another one may be given the same place.
  private static func place(_ settings: Settings, data: String) throws -> String {
    let given = settings.text(.launchFolder)
    guard !given.isEmpty else { return try make("\(data)/remote") }
    let name = Hexadecimal.encode(SHA256.digest(Array("\(StepCommand.host) \(data)".utf8)).prefix(8))
    do {
      guard given.hasPrefix("/") else { throw SystemFailure("open", given, code: ENOENT) }
      return try make("\(given)/wonder-\(name)")
    } catch {
      throw SettingsFailure(
        place: Setting.launchFolder.name, problem: "the folder must be there and may be written to (\(error))")
    }
  }

  private static func make(_ path: String) throws(SystemFailure) -> String {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemFailure("mkdir", path) }
    guard access(path, W_OK | X_OK) == 0 else { throw SystemFailure("access", path) }
    return path
  }

  /// What the launcher finds in its environment: everything but the server's settings, some of which are secret.
  private static var environment: [String] {
    ProcessEnvironment.variables.filter { !$0.key.hasPrefix("WONDER_") }.sorted { $0.key < $1.key }.map {
      "\($0.key)=\($0.value)"
    }
  }
}
