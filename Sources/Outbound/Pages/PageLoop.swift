import Basics
import Glibc
import Synchronization

/// The thread that moves the bytes of all visits: one poll(2) for every socket, and nothing on it ever waits for one of them.
///
/// `@unchecked Sendable`: what is not in `remote` or `thread` is touched on the loop's own thread only.
final class PageLoop: @unchecked Sendable {
  static let bufferSize = 64 << 10

  private struct Remote {
    var work: [@Sendable () -> Void] = []
    var isStopping = false
    /// Nothing is done any more.
    var isOver = false
  }

  let addresses: AddressGuard
  let names: PageNames
  let patience: PagePatience
  let log: Log
  /// Where bytes are read to before they go on.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: PageLoop.bufferSize, alignment: 16)
  /// Monotonic nanoseconds, read once a turn.
  private(set) var now = Clock.readMonotonic()

  private let remote = Mutex(Remote())
  private let thread = Atomic<UInt>(0)
  private let listening: Int32
  private let waking: Int32
  private var sockets: [PageSocket] = []
  private var doors: [PageDoor] = []
  private var again: [any PageSocketOwner] = []
  private var nextSweep = Int64.max
  private var entries: [pollfd] = []
  private var polled: [PageSocket] = []

  init(_ addresses: AddressGuard, _ names: PageNames, _ patience: PagePatience, log: Log) throws(SystemFailure) {
    self.addresses = addresses
    self.names = names
    self.patience = patience
    self.log = log
    var ends: (Int32, Int32) = (-1, -1)
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    try check("socketpair") {
      withUnsafeMutablePointer(to: &ends) { pointer in
        pointer.withMemoryRebound(to: Int32.self, capacity: 2) { socketpair(AF_UNIX, kind, 0, $0) }
      }
    }
    (listening, waking) = ends
  }

  deinit {
    close(listening)
    close(waking)
    scratch.deallocate()
  }

  /// Does work on the loop's thread and returns when it is done; after the loop's end it does nothing.
  func perform(_ work: @escaping @Sendable () -> Void) {
    if thread.load(ordering: .relaxed) == UInt(pthread_self()) { return work() }
    let done = Doorbell()
    post(
      {
        work()
        done.ring()
      }, orElse: { done.ring() })
    _ = done.wait()
  }

  /// Has work done on the loop's thread, soon; `orElse` is called at once where the loop has ended.
  func post(_ work: @escaping @Sendable () -> Void, orElse: () -> Void = {}) {
    let isTaken = remote.withLock { remote in
      guard !remote.isOver else { return false }
      remote.work.append(work)
      return true
    }
    if isTaken { ring() } else { orElse() }
  }

  func stop() {
    remote.withLock { $0.isStopping = true }
    ring()
  }

  /// Runs until `stop`, on the calling thread; closes all that is open then.
  func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    while true {
      now = Clock.readMonotonic()
      let (work, isStopping) = remote.withLock { remote in
        defer { remote.work.removeAll() }
        if remote.isStopping { remote.isOver = true }
        return (remote.work, remote.isStopping)
      }
      for piece in work { piece() }
      if isStopping { break }
      turn()
    }
    for door in doors { door.shut() }
    doors = []
    again = []
  }

  private func turn() {
    waitForSockets()
    now = Clock.readMonotonic()
    if entries[0].revents != 0 { while recv(listening, scratch.baseAddress, scratch.count, 0) > 0 {} }
    for (entry, socket) in zip(entries.dropFirst(), polled) where entry.revents != 0 && !socket.isClosed {
      socket.note(entry.revents)
      socket.owner?.advance()
    }
    let unfinished = again
    again.removeAll(keepingCapacity: true)
    for owner in unfinished { owner.advance() }
    if now >= nextSweep {
      nextSweep = .max
      for door in doors { file(door.expire()) }
    }
  }

  private func waitForSockets() {
    sockets.removeAll(where: \.isClosed)
    entries.removeAll(keepingCapacity: true)
    polled.removeAll(keepingCapacity: true)
    entries.append(pollfd(fd: listening, events: Int16(POLLIN), revents: 0))
    for socket in sockets {
      guard let entry = socket.entry else { continue }
      entries.append(entry)
      polled.append(socket)
    }
    var timeout: Int32 = again.isEmpty ? -1 : 0
    if timeout != 0 && nextSweep != .max { timeout = Int32(clamping: max(0, nextSweep - now + 999_999) / 1_000_000) }
    if poll(&entries, nfds_t(entries.count), timeout) < 0 {
      for index in entries.indices { entries[index].revents = 0 }
    }
  }

  private func ring() {
    var one: UInt8 = 1
    _ = send(waking, &one, 1, Int32(MSG_NOSIGNAL))
  }
}

extension PageLoop {
  func add(_ socket: PageSocket) { sockets.append(socket) }

  func add(_ door: PageDoor) { doors.append(door) }

  func remove(_ door: PageDoor) { doors.removeAll { $0 === door } }

  /// Has an owner go on in the next turn, after the others had theirs.
  func resume(_ owner: any PageSocketOwner) { again.append(owner) }

  /// Looks through the deadlines at a time (monotonic nanoseconds) at the latest.
  func file(_ time: Int64) { nextSweep = min(nextSweep, time) }
}
