import Basics
import Formats
import Synchronization

/// The browser that pages are opened in, started when the first one comes, changed for a fresh one now and then, and ended when
/// none has come for a while.
final class Browsers: Sendable {
  typealias Start = @Sendable () throws -> Browser

  /// How long one stays without a page.
  private static let idleSpan = Duration.seconds(300)
  /// How long a page waits at most between two looks.
  private static let look = Duration.milliseconds(50)

  private struct State {
    var current: Browser?
    var isStarting = false
    /// Those that get no more pages.
    var retired: [Browser] = []
    var thread: ServiceThread?
    var isClosed = false
  }

  private let state = Mutex(State())
  private let bell = Doorbell()
  /// Rung when a door is free or a browser has been started.
  private let turns = Doorbell()

  /// A door of a browser of the program at `path`, which is started if there is none.
  ///
  /// Blocks until one is free; throws what the start throws, and what `check` does, which is asked while it waits.
  func take(_ path: String, check: () throws -> Void, start: Start) throws -> (Browser, Browser.Door) {
    while true {
      try check()
      let (found, mayStart): ((Browser, Browser.Door)?, Bool) = state.withLock { state in
        if let browser = state.current, browser.identity.path != path || !browser.isSound {
          state.retired.append(browser)
          state.current = nil
        }
        if let browser = state.current { return (browser.take().map { (browser, $0) }, false) }
        guard !state.isStarting, !state.isClosed else { return (nil, false) }
        state.isStarting = true
        return (nil, true)
      }
      if let found { return found }
      guard mayStart else {
        _ = turns.wait(timeout: Browsers.look)
        continue
      }
      let started = Result { try start() }
      state.withLock { state in
        state.isStarting = false
        state.current = try? started.get()
        if state.thread == nil, !state.isClosed {
          state.thread = try? ServiceThread(trying: "browsers") { [weak self] in self?.serve() }
        }
      }
      turns.ring(times: 16)
      _ = try started.get()
      bell.ring()
    }
  }

  /// For a page that is done; a browser that has lost it or has grown is not used for others.
  func giveBack(_ browser: Browser, _ door: Browser.Door, isLost: Bool) {
    browser.giveBack(door)
    let isWorn = isLost || !browser.isSound || browser.isBloated
    state.withLock { state in
      guard isWorn, let current = state.current, current === browser else { return }
      state.retired.append(browser)
      state.current = nil
    }
    turns.ring()
    bell.ring()
  }

  /// Ends all of them; pages that are open are lost.
  func close() {
    let thread = state.withLock { state in
      state.isClosed = true
      defer { state.thread = nil }
      return state.thread
    }
    bell.close()
    thread?.join()
    sweep(all: true)
  }

  private func serve() {
    while !bell.isClosed {
      sweep(all: false)
      _ = bell.wait(timeout: Browsers.idleSpan / 10)
    }
  }

  /// Ends those that have no more pages to come.
  private func sweep(all: Bool) {
    let now = Clock.readMonotonic()
    let over = state.withLock { state in
      if let current = state.current,
        all || current.isIdle && (!current.tools.isOpen || current.idleSpan(at: now) > Browsers.idleSpan.nanoseconds)
      {
        state.retired.append(current)
        state.current = nil
      }
      let over = state.retired.filter { all || $0.isIdle }
      state.retired.removeAll { browser in over.contains { $0 === browser } }
      return over
    }
    for browser in over { browser.end() }
  }
}
