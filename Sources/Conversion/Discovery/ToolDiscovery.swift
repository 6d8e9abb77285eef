package import Basics
package import Formats
import Synchronization

/// Keeps what the server offers true: finds the programs that come and go, and tries each with a real sample.
///
/// What is here at the start is offered at once and tried behind; what comes later is offered when it has been tried.
package final class ToolDiscovery: Sendable {
  /// How often it looks whether a program is another one than before.
  private static let lookEvery = Duration.seconds(60)
  /// How often every tool is tried again.
  private static let tryEvery = Duration.seconds(3600)
  /// One that fails may have had no room or no time, so it is tried again at once, and then in this while and twice as long.
  private static let firstRest = Duration.seconds(60)
  private static let attempts = 2

  private struct Entry {
    /// One for each of its programs, in their order; nil where one is not here.
    var identities: [ProgramIdentity?] = []
    var state: ToolStanding.State = .untried
    /// When it is tried next, on the monotonic clock.
    var due: Int64 = 0
    var rest = ToolDiscovery.firstRest
  }

  private struct State {
    var entries: [Entry]
    /// What the catalogue was made of.
    var offered: (found: Toolbox, broken: Set<String>)
    var thread: ServiceThread?
  }

  private let makers: [any Maker]
  private let tools: [any ProgramMaker]
  private let folders: [String]
  private let catalogue: CatalogueSource
  private let hasRoom: @Sendable () -> Bool
  private let clock: Clock
  private let log: Log
  private let bell = Doorbell()
  private let triesAll = Atomic(false)
  private let isStopping = Atomic(false)
  private let state: Mutex<State>

  /// `catalogue` is changed at once to what is offered for the programs that are here; while there is no room for what a
  /// trial writes, trials wait.
  package init(
    makers: [any Maker], folders: [String] = Toolbox.folders, catalogue: CatalogueSource,
    hasRoom: @escaping @Sendable () -> Bool = { true }, clock: Clock = .system, log: Log
  ) {
    self.makers = makers
    tools = makers.compactMap { $0 as? any ProgramMaker }
    self.folders = folders
    self.catalogue = catalogue
    self.hasRoom = hasRoom
    self.clock = clock
    self.log = log
    let found = Toolbox.find(for: makers, in: folders)
    let entries = tools.map { tool in
      Entry(
        identities: ToolDiscovery.identities(of: tool, found),
        state: found.missing(for: tool).map { .missing($0) } ?? .untried)
    }
    state = Mutex(State(entries: entries, offered: (found, [])))
    catalogue.change(to: Catalogue(makers: makers, found: found))
  }

  /// Begins to try the tools; without any there is nothing to do.
  package func start(on bench: any Bench) throws(SystemFailure) {
    guard !tools.isEmpty else { return }
    let thread = try ServiceThread(trying: "discovery") { [self] in
      repeat {
        look(on: bench, all: triesAll.exchange(false, ordering: .acquiring))
        _ = bell.wait(timeout: ToolDiscovery.lookEvery)
      } while !stops
    }
    state.withLock { $0.thread = thread }
  }

  /// Has everything tried again soon.
  package func lookAgain() {
    triesAll.store(true, ordering: .releasing)
    bell.ring()
  }

  /// Ends what is being tried.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    bell.close()
    let thread = state.withLock { state in
      defer { state.thread = nil }
      return state.thread
    }
    thread?.join()
  }

  /// How every tool stands, in the order of the makers.
  package var standings: [ToolStanding] {
    zip(tools, state.withLock { $0.entries }).map { ToolStanding(tool: $0, state: $1.state) }
  }

  private var stops: Bool { isStopping.load(ordering: .acquiring) }

  /// Looks for programs, and tries the tools whose time it is, or all of them; one thread at a time.
  package func look(on bench: any Bench, all: Bool = false) {
    let found = Toolbox.find(for: makers, in: folders)
    for (index, tool) in tools.enumerated() {
      take(index, ToolDiscovery.identities(of: tool, found), found.missing(for: tool))
    }
    offer(found)
    let trial = ToolTrial(bench: bench, isCanceled: { [self] in stops })
    for (index, tool) in tools.enumerated() where isDue(index, all) {
      guard hasRoom() else {
        putOff(index)
        continue
      }
      let end = attempt(tool, trial)
      if stops { return }
      if case .failure(let failure) = end, failure.code == .diskFull || !hasRoom() {
        putOff(index)
        continue
      }
      settle(index, tool, end)
      offer(found)
    }
  }

  private static func identities(of tool: any ProgramMaker, _ found: Toolbox) -> [ProgramIdentity?] {
    tool.programs.map { found.path(of: $0).flatMap(ProgramIdentity.init(at:)) }
  }

  /// Notes which files a tool's programs are now; another file has to be tried.
  private func take(_ index: Int, _ identities: [ProgramIdentity?], _ missing: Program?) {
    let before = state.withLock { state in
      let before = state.entries[index]
      guard identities != before.identities else { return before }
      state.entries[index].identities = identities
      state.entries[index].due = 0
      state.entries[index].rest = ToolDiscovery.firstRest
      if let missing {
        state.entries[index].state = .missing(missing)
      } else if case .missing = before.state {
        state.entries[index].state = .new
      }
      return before
    }
    guard let missing else { return }
    if case .missing = before.state { return }
    log.warning("a program is gone, and what it makes is not offered", describe(missing))
  }

  private func isDue(_ index: Int, _ all: Bool) -> Bool {
    let entry = state.withLock { $0.entries[index] }
    if case .missing = entry.state { return false }
    return all || clock.monotonic() >= entry.due
  }

  /// Has the tool tried at the next look; how it stands stays as it is.
  private func putOff(_ index: Int) { state.withLock { $0.entries[index].due = 0 } }

  private func attempt(_ tool: any ProgramMaker, _ trial: ToolTrial) -> Result<Duration?, ConversionFailure> {
    var last = ConversionFailure.canceled
    for _ in 0..<ToolDiscovery.attempts where !stops {
      do {
        return .success(try trial.run(tool))
      } catch {
        last = error
      }
    }
    return .failure(last)
  }

  private func settle(_ index: Int, _ tool: any ProgramMaker, _ end: Result<Duration?, ConversionFailure>) {
    let now = clock.monotonic()
    let before = state.withLock { state in
      let before = state.entries[index].state
      switch end {
      case .success(let span):
        state.entries[index].state = span.map { .works($0) } ?? .untried
        state.entries[index].due = now + ToolDiscovery.tryEvery.nanoseconds
        state.entries[index].rest = ToolDiscovery.firstRest
      case .failure(let failure):
        state.entries[index].state = .broken(failure.message, words: failure.words)
        state.entries[index].due = now + state.entries[index].rest.nanoseconds
        state.entries[index].rest = min(state.entries[index].rest * 2, ToolDiscovery.tryEvery)
      }
      return before
    }
    let wasBroken = if case .broken = before { true } else { false }
    switch end {
    case .failure(let failure) where !wasBroken:
      log.error(
        "a program does not work, and what it makes is not offered",
        [
          "program": tool.program.name, "package": tool.program.package, "reason": failure.message,
          "words": failure.words,
        ])
    case .success where wasBroken || before == .new:
      log.notice("a program works, and what it makes is offered", describe(tool.program))
    default: break
    }
  }

  private func describe(_ program: Program) -> KeyValuePairs<String, String> {
    ["program": program.name, "package": program.package]
  }

  /// Offers what works, and what was not tried yet.
  private func offer(_ found: Toolbox) {
    let broken = Set(standings.filter { !$0.isOffered }.map(\.tool.kind))
    let isNew = state.withLock { state in
      defer { state.offered = (found, broken) }
      return state.offered != (found, broken)
    }
    if isNew { catalogue.change(to: Catalogue(makers: makers, found: found, broken: broken)) }
  }
}
