import Basics
import CSystem
import Glibc
import Synchronization

/// One thread that is epoll loop and task executor at once: its connections' tasks run nowhere else.
///
/// `@unchecked Sendable`: what is not in `remote` or `thread` is touched on the loop's own thread only.
final class EventLoop: TaskExecutor, @unchecked Sendable {
  private static let stopPatience: Int64 = 5_000_000_000
  private static let mostEvents = 256
  /// Whoever gives way goes on after so many turns of others at the latest.
  private static let mostTurnsAhead = 8

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
  /// Tasks that move much, in the order in which they came.
  private var givingWay: [UnsafeContinuation<Void, Never>] = []
  /// Turns since one of them went on.
  private var turnsAhead = 0
  private var deadlines = Deadlines()
  private var expendables = Expendables()
  private var lastSerial: UInt32 = 0
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

  /// The same from another thread while the loop runs.
  func spawnFromOutside(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: self) { [self] in spawn(body) }
  }

  /// Runs until `stop`, on the calling thread.
  func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    var events = [epoll_event](repeating: epoll_event(), count: EventLoop.mostEvents)
    while true {
      runReady()
      if stopDeadline != .max && (tasks == 0 && ready.isEmpty || now >= stopDeadline) { return }
      let timeout = ready.isEmpty && givingWay.isEmpty ? millisecondsToDeadline() : 0
      let count = epoll_wait(poll, &events, Int32(events.count), timeout)
      now = clock.monotonic()
      for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
      wakeExpired()
      letOneGoOn()
    }
  }

  /// Suspends a task that moves much until nothing else is ready, for a moment at most: who moves little waits for one piece
  /// of it then, and not for one of each connection that moves much.
  func giveWay() async {
    await withUnsafeContinuation { givingWay.append($0) }
  }

  private func letOneGoOn() {
    guard !givingWay.isEmpty else { return }
    turnsAhead += 1
    guard ready.isEmpty || turnsAhead >= EventLoop.mostTurnsAhead else { return }
    turnsAhead = 0
    givingWay.removeFirst().resume()
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
    if index >= sockets.count { sockets += Array(repeating: nil, count: index + 64 - sockets.count) }
    sockets[index] = socket
  }

  /// A number for a new socket.
  func takeSerial() -> UInt32 {
    lastSerial &+= 1
    return lastSerial
  }

  /// The descriptor leaves epoll by being closed.
  func forget(_ socket: Socket) {
    sockets[Int(socket.descriptor)] = nil
  }

  /// Wakes the socket at its deadline; see `Deadlines` for what an earlier entry of it is good for.
  func file(_ socket: Socket, at time: Int64) {
    deadlines.add(Deadlines.Entry(time: time, descriptor: socket.descriptor, serial: socket.serial))
  }

  /// The time until something is due, rounded up; while nothing is the loop makes no wake-ups.
  private func millisecondsToDeadline() -> Int32 {
    let next = min(deadlines.next, drainDeadline, stopDeadline)
    return next == .max ? -1 : Int32(min(Int64(Int32.max), max(0, next - now + 999_999) / 1_000_000))
  }

  private func wakeExpired() {
    while let entry = deadlines.removeFirst(until: now) {
      let index = Int(entry.descriptor)
      guard index < sockets.count, let socket = sockets[index], socket.serial == entry.serial else { continue }
      socket.expire(entry.time)
    }
    if drainDeadline <= now { finishDrain() }
  }

  private func beginStopping() {
    stopDeadline = min(stopDeadline, now + EventLoop.stopPatience)
    for case let socket? in sockets { socket.cancel() }
  }

  /// Closes the connection that is missed least, if there is one.
  func makeRoom() -> Expendables.Choice {
    let choice = expendables.takeCheapest(of: sockets, connections: connections, now: now)
    if case .close(let cheapest) = choice { cheapest.displace() }
    return choice
  }

  /// Ends idle connections and event streams, and returns when the others have ended too, or at the deadline (monotonic nanoseconds).
  func drain(until deadline: Int64) async {
    beginDraining()
    if tasks == 0 { return }
    await withUnsafeContinuation { continuation in
      drainDeadline = deadline
      drainWaiter = continuation
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
    guard bytes.capacity <= 4 * ResponseWriter.mostJoined else { return }
    bytes.removeAll(keepingCapacity: true)
    output = bytes
  }

  /// Writes the Date field, made afresh once a second.
  func writeDate(to output: inout [UInt8]) {
    date.write(at: clock.now(), to: &output)
  }
}
