import Basics
import CSystem
import Formats
import Glibc
import Outbound
import Synchronization

/// A browser that runs, with its folder, the process that keeps it, and the doors through which its pages reach the network.
///
/// `@unchecked Sendable`: its folder is touched at its end alone, which comes once.
final class Browser: @unchecked Sendable {
  /// A way out for one page at a time.
  struct Door: Sendable {
    let port: UInt16
    let door: PageDoor
  }

  /// More pages than this may have left something behind.
  static let mostPages = 100
  /// Memory that it may keep between pages.
  private static let mostIdleBytes: UInt64 = 700 << 20
  private static let pagesOfLook = 10

  let identity: ProgramIdentity
  /// What it says that it is.
  let agent: String
  /// What keeps it from harm, beside its own sandbox, without which it does not run.
  let held: ToolConfinement
  let tools: DevTools
  private let process: ZygoteProcess
  private let folder: JobFolder
  private let doors: [Door]

  private struct State {
    var free: [Door]
    /// Pages that have begun.
    var pages = 0
    var since = Clock.readMonotonic()
  }

  private let state: Mutex<State>

  init(
    _ identity: ProgramIdentity, agent: String, held: ToolConfinement, _ tools: DevTools, _ process: ZygoteProcess,
    _ folder: JobFolder,
    doors: [Door]
  ) {
    self.agent = agent
    self.held = held
    self.identity = identity
    self.tools = tools
    self.process = process
    self.folder = folder
    self.doors = doors
    state = Mutex(State(free: doors))
  }

  /// A door that no page uses; nil when all are in use.
  func take() -> Door? {
    state.withLock { state in
      guard let door = state.free.popLast() else { return nil }
      state.pages += 1
      return door
    }
  }

  func giveBack(_ door: Door) {
    door.door.end()
    state.withLock { state in
      state.free.append(door)
      state.since = Clock.readMonotonic()
    }
  }

  /// True while no page is open.
  var isIdle: Bool { state.withLock { $0.free.count == doors.count } }

  /// How long no page has come or gone, on the monotonic clock.
  func idleSpan(at now: Int64) -> Int64 { state.withLock { now - $0.since } }

  /// True while it may have more pages: it runs, is the program that is on the disk, and is neither worn nor bloated.
  var isSound: Bool {
    tools.isOpen && state.withLock { $0.pages } < Browser.mostPages && ProgramIdentity(at: identity.path) == identity
  }

  /// True when it keeps more memory between pages than it may, as far as the kernel tells; it takes long enough to count that not
  /// each page is followed by a look.
  var isBloated: Bool {
    state.withLock { $0.pages % Browser.pagesOfLook == 0 && $0.free.count == doors.count }
      && csystem_tree_bytes(process.process) > Browser.mostIdleBytes
  }

  /// Kills all its processes and removes its folder.
  func end() {
    process.end()
    tools.close()
    for door in doors { door.door.close() }
    folder.remove()
  }
}
