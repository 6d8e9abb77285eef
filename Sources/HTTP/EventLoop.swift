import Basics
import CSystem
import Glibc
import Synchronization

/// One thread that is epoll loop and task executor at once: its connections' tasks run nowhere else.
///
/// `@unchecked Sendable`: what is not in `remote` or `thread` is touched on the loop's own thread only.
final class EventLoop: TaskExecutor, @unchecked Sendable {
  private static let sweepInterval: Int64 = 1_000_000_000
  private static let mostEvents = 256

  private struct Remote {
    var jobs: [UnownedJob] = []
    var rung: [Socket] = []
    var isStopping = false
  }

  let clock: Clock
  /// Monotonic nanoseconds, read once a turn.
  private(set) var now: Int64
  private(set) var isDraining = false
  private(set) var sockets: [Socket?] = []
  private(set) var tasks = 0
  var connections = 0

  private let remote = Mutex(Remote())
  private let thread = Atomic<UInt>(0)
  private let poll: Int32
  private let wakeup: Int32
  private var ready: [UnownedJob] = []
  private var running: [UnownedJob] = []
  private var rung: [Socket] = []
  private var nextSweep = Int64.max
  private var drainDeadline = Int64.max
  private var stopDeadline = Int64.max
  private var drainWaiter: UnsafeContinuation<Void, Never>?
  private var buffers: [ReadBuffer] = []
  private var output: [UInt8] = []
  private var date = DateField()

  init(clock: Clock) throws {
    self.clock = clock
    now = clock.monotonic()
    poll = try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    do {
      wakeup = try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
    } catch {
      close(poll)
      throw error
    }
    try add(wakeup, EPOLLIN.rawValue)
  }

  deinit {
    close(wakeup)
    close(poll)
  }

  private var isOwnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isOwnThread {
      ready.append(job)
      return
    }
    let isFirst = remote.withLock { remote in
      remote.jobs.append(job)
      return remote.jobs.count == 1 && remote.rung.isEmpty
    }
    if isFirst { ring() }
  }

  /// Wakes the task that waits for the bell of the socket, from any thread.
  func ring(_ socket: Socket) {
    if isOwnThread { return socket.ring() }
    let isFirst = remote.withLock { remote in
      remote.rung.append(socket)
      return remote.rung.count == 1 && remote.jobs.isEmpty
    }
    if isFirst { ring() }
  }

  /// Starts a task that belongs to this loop; the loop ends only after it.
  func spawn(_ body: @escaping @Sendable () async -> Void) {
    tasks += 1
    Task(executorPreference: self) { [self] in
      await body()
      tasks -= 1
      if tasks == 0 { finishDrain() }
    }
  }

  /// Runs until `stop`, on the calling thread.
  func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    var events = [epoll_event](repeating: epoll_event(), count: EventLoop.mostEvents)
    while true {
      runReady()
      if stopDeadline != .max && (tasks == 0 && ready.isEmpty || now >= stopDeadline) { return }
      let timeout = ready.isEmpty ? millisecondsToSweep() : 0
      let count = epoll_wait(poll, &events, Int32(events.count), timeout)
      now = clock.monotonic()
      for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
      if now >= nextSweep { sweep() }
    }
  }

  /// Lets `run` end once its tasks have; they are cancelled at their next wait.
  func stop() {
    remote.withLock { $0.isStopping = true }
    ring()
  }

  private func runReady() {
    swap(&ready, &running)
    for job in running { job.runSynchronously(on: asUnownedTaskExecutor()) }
    running.removeAll(keepingCapacity: true)
  }

  private func dispatch(_ event: epoll_event) {
    let descriptor = event.data.fd
    if descriptor == wakeup {
      var value: UInt64 = 0
      _ = read(wakeup, &value, MemoryLayout<UInt64>.size)
      let isStopping = remote.withLock { remote in
        ready.append(contentsOf: remote.jobs)
        remote.jobs.removeAll(keepingCapacity: true)
        swap(&rung, &remote.rung)
        return remote.isStopping
      }
      for socket in rung { socket.ring() }
      rung.removeAll(keepingCapacity: true)
      if isStopping { beginStopping() }
    } else if sockets.indices.contains(Int(descriptor)) {
      sockets[Int(descriptor)]?.notify(event.events)
    }
  }

  private func ring() {
    var one: UInt64 = 1
    _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
  }

  private func add(_ descriptor: Int32, _ events: UInt32) throws {
    var event = epoll_event()
    event.events = events
    event.data.fd = descriptor
    try check("epoll_ctl") { epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) }
  }
}

extension EventLoop {
  func register(_ socket: Socket) throws {
    let index = Int(socket.descriptor)
    try add(
      socket.descriptor, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    if index >= sockets.count { sockets += Array(repeating: nil, count: index + 1 - sockets.count) }
    sockets[index] = socket
  }

  /// The descriptor leaves epoll by being closed.
  func forget(_ socket: Socket) {
    sockets[Int(socket.descriptor)] = nil
  }

  /// Makes sure that a sweep comes after the deadline; while nobody has one the loop makes no wake-ups.
  func expect(_ deadline: Int64) {
    if deadline != .max && nextSweep == .max { nextSweep = now + EventLoop.sweepInterval }
  }

  private func millisecondsToSweep() -> Int32 {
    nextSweep == .max ? -1 : Int32(max(0, nextSweep - now) / 1_000_000 + 1)
  }

  private func sweep() {
    var hasDeadlines = false
    for case let socket? in sockets where socket.deadline != .max {
      if socket.deadline <= now { socket.wake(.timedOut) } else { hasDeadlines = true }
    }
    if drainDeadline <= now { finishDrain() }
    nextSweep = hasDeadlines || drainDeadline != .max || stopDeadline != .max ? now + EventLoop.sweepInterval : .max
  }

  private func beginStopping() {
    stopDeadline = min(stopDeadline, now + 5 * EventLoop.sweepInterval)
    expect(stopDeadline)
    for case let socket? in sockets { socket.cancel() }
  }

  /// Closes the connection that has waited longest for a request; false when all are at work.
  func closeOldestIdle() -> Bool {
    let waiting = sockets.lazy.compactMap { $0 }.filter {
      ($0.phase == .idle || $0.phase == .readingHead) && !$0.isCancelled
    }
    guard let oldest = waiting.min(by: { $0.phaseStart < $1.phaseStart }) else { return false }
    oldest.cancel()
    return true
  }

  /// Ends idle connections and event streams, and returns when the others have ended too, or at the deadline (monotonic nanoseconds).
  func drain(until deadline: Int64) async {
    beginDraining()
    if tasks == 0 { return }
    await withUnsafeContinuation { continuation in
      drainDeadline = deadline
      drainWaiter = continuation
      expect(deadline)
    }
  }

  func beginDraining() {
    isDraining = true
    for case let socket? in sockets {
      if socket.phase == .idle || socket.phase == .listening { socket.cancel() } else { socket.ring() }
    }
  }

  private func finishDrain() {
    drainDeadline = .max
    drainWaiter?.resume()
    drainWaiter = nil
  }

  /// An empty small buffer; give it back while there is nothing to read.
  func takeBuffer() -> ReadBuffer { buffers.popLast() ?? ReadBuffer() }

  func giveBack(_ buffer: ReadBuffer) {
    if buffer.isEmpty && buffer.capacity == ReadBuffer.smallest && buffers.count < 256 { buffers.append(buffer) }
  }

  /// An empty array with room for an answer.
  func takeOutput() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &output)
    if taken.capacity == 0 { taken.reserveCapacity(ReadBuffer.smallest) }
    return taken
  }

  func giveBack(_ bytes: consuming [UInt8]) {
    guard bytes.capacity <= 2 * ResponseWriter.mostJoined else { return }
    bytes.removeAll(keepingCapacity: true)
    output = bytes
  }

  /// Writes the Date field, made afresh once a second.
  func writeDate(to output: inout [UInt8]) {
    date.write(at: clock.now(), to: &output)
  }
}
