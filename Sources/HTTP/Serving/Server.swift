package import Basics
import Glibc
import Synchronization

/// The HTTP server: event loops on threads of their own, and the sockets they listen on.
package final class Server: Sendable {
  private struct State {
    var loops: [EventLoop] = []
    var threads: [ServiceThread] = []
    var bound: [ListenAddress] = []
    var doors: [Door] = []
  }

  private let limits: ServerLimits
  private let router: Router
  private let loopCount: Int
  private let clock: Clock
  private let entropy: Entropy
  private let log: Log
  private let accessLog: Log?
  private let traffic: Traffic
  private let proxies: TrustedProxies
  private let wanted: [ListenAddress]
  private let state = Mutex(State())

  /// `accessLog` gets a line for each request; nil writes none.
  package init(
    limits: ServerLimits = ServerLimits(), router: Router, proxies: TrustedProxies = .none, loops: Int = 1,
    clock: Clock = .system, entropy: Entropy = .system, log: Log, accessLog: Log? = nil, traffic: Traffic = Traffic(),
    listen: [ListenAddress]
  ) {
    self.limits = limits
    self.router = router
    self.proxies = proxies
    loopCount = max(1, loops)
    self.clock = clock
    self.entropy = entropy
    self.log = log
    self.accessLog = accessLog
    self.traffic = traffic
    wanted = listen
  }

  /// The addresses that the server has, with the ports that the kernel chose.
  package var addresses: [ListenAddress] { state.withLock { $0.bound } }

  package var ports: [UInt16] {
    addresses.compactMap { if case .tcp(_, let port) = $0 { port } else { nil } }
  }

  /// Binds the addresses and starts the loops; throws `SystemFailure`, EADDRINUSE when another server has one.
  package func start() throws {
    // A client that closed early is an error of the call that notices it, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let loops = try (0..<loopCount).map { _ in try EventLoop(clock: clock) }
    let services = loops.map { _ in
      Service(
        limits: limits, router: router, proxies: proxies, log: log, accessLog: accessLog,
        mostConnections: max(1, limits.connections / loopCount), entropy: entropy)
    }
    traffic.begin(services.map(\.traffic), routes: router.routes)
    var sockets: [(socket: Socket, index: Int, path: String?)] = []
    var bound: [ListenAddress] = []
    do {
      for address in wanted {
        let opened = try Listener.open(address, count: loopCount)
        bound.append(opened.bound)
        for (index, descriptor) in opened.descriptors.enumerated() {
          sockets.append((try Socket(descriptor, on: loops[index]), index, address.path))
        }
      }
    } catch {
      for entry in sockets { entry.socket.close() }
      throw error
    }
    for entry in sockets {
      let acceptor = Acceptor(entry.socket, services[entry.index], isUnix: entry.path != nil)
      loops[entry.index].spawn { await acceptor.run() }
    }
    let doors = sockets.compactMap { entry in entry.path.map { Door($0, entry.socket, services[entry.index]) } }
    let threads = try loops.enumerated().map { index, loop in
      try ServiceThread(trying: "http-\(index)") { loop.run() }
    }
    state.withLock { $0 = State(loops: loops, threads: threads, bound: bound, doors: doors) }
  }

  /// Stops accepting, closes idle connections and waits for the active requests, at most for `span`.
  package func drain(within span: Duration) async {
    let loops = state.withLock { $0.loops }
    await withTaskGroup(of: Void.self) { group in
      for loop in loops {
        group.addTask(executorPreference: loop) { await loop.drain(until: loop.now + span.nanoseconds) }
      }
    }
  }

  /// The same for a thread that may block; it takes no thread but those of the loops.
  package func drainBlocking(within span: Duration) {
    let loops = state.withLock { $0.loops }
    let drained = Doorbell()
    for loop in loops {
      Task(executorPreference: loop) {
        await loop.drain(until: loop.now + span.nanoseconds)
        drained.ring()
      }
    }
    for _ in loops { _ = drained.wait() }
  }

  /// Ends every connection and joins the threads; must not be called on one of them.
  package func stop() {
    let ended = state.withLock { state in
      defer { state = State() }
      return state
    }
    for loop in ended.loops { loop.stop() }
    for thread in ended.threads { thread.join() }
    for door in ended.doors { door.remove() }
  }

  /// Binds the unix sockets again whose files were removed or replaced; gives what keeps it from that, and which were bound.
  package func mendSockets() -> (problems: [String], mended: [String]) {
    var problems: [String] = []
    var mended: [String] = []
    for door in state.withLock({ $0.doors }) {
      do {
        if try door.mend() { mended.append(door.path) }
      } catch {
        problems.append("\(door.path) was removed or replaced: \(error)")
      }
    }
    return (problems, mended)
  }
}

extension ListenAddress {
  /// The path of a unix socket.
  fileprivate var path: String? {
    if case .unix(let path) = self { path } else { nil }
  }
}
