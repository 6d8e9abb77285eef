import Basics
import CSystem
import Glibc

/// A non-blocking socket that a task of its loop waits on, at most one wait at a time.
///
/// `@unchecked Sendable`: all of it is touched on the thread of its loop only, which the task preference ensures.
final class Socket: @unchecked Sendable {
  enum Interest {
    case reading, writing
    /// The bell of the socket, or that the client has hung up.
    case bell
    case writingOrBell
    /// Only the deadline counts.
    case nothing
  }

  enum Wakeup {
    case ready, timedOut
    /// The loop or the server wants the task to end.
    case closed
  }

  /// What a connection is doing, for the choice of which one may be closed.
  enum Phase {
    /// Between requests: nothing is lost by closing it.
    case idle
    case readingHead
    case busy
    /// Not a connection.
    case listening
  }

  /// What is lost by closing a connection for a new one, the least first.
  enum Expense {
    /// Between two requests.
    case idle
    case unknownClient
  }

  /// What waits for the socket: a suspended task, or a connection that has none while nothing happens on it.
  private enum Waiter {
    case task(UnsafeContinuation<Wakeup, Never>)
    case connection(Connection)
  }

  let descriptor: Int32
  let loop: EventLoop
  let serial: UInt32
  private(set) var deadline = Int64.max
  private(set) var phase = Phase.busy
  private(set) var phaseStart: Int64 = 0
  private(set) var isCancelled = false
  /// True when it was cancelled for a new client's sake.
  private(set) var isDisplaced = false
  /// True before the first request.
  private var isNew = true
  /// True once somebody has vouched for whoever sends the request under way.
  private(set) var isKnown = false
  /// Bytes that the client has brought and taken since the phase began.
  private(set) var moved: Int64 = 0
  /// True when the client has ended its side, also while bytes of it are unread.
  private(set) var hasHungUp = false
  private var isReadable = false
  private var isWritable = true
  private var interest = Interest.nothing
  private var waiter: Waiter?
  /// The time of the soonest entry in the loop's deadlines.
  private var filed = Int64.max
  private var isClosed = false

  /// Takes the descriptor over and registers it with the loop.
  init(_ descriptor: Int32, on loop: EventLoop) throws {
    self.descriptor = descriptor
    self.loop = loop
    serial = loop.takeSerial()
    try loop.register(self)
  }

  /// Begins a phase for which the client has brought some bytes already.
  func enter(_ phase: Phase, having bytes: Int = 0) {
    self.phase = phase
    phaseStart = loop.now
    moved = Int64(bytes)
    if phase == .busy { isNew = false } else { isKnown = false }
  }

  /// The bytes received, 0 at the end of the stream, nil when there are none yet.
  func receive(into room: UnsafeMutableRawBufferPointer) throws -> Int? {
    while true {
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      if count >= 0 {
        moved += Int64(count)
        // A short read has emptied the socket: later bytes bring a new edge. After a hang-up there is none.
        if count < room.count && !hasHungUp { isReadable = false }
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        isReadable = false
        hasHungUp = false
        return nil
      default: throw SystemFailure("recv")
      }
    }
  }

  /// The next accepted descriptor, nil when nobody waits; throws what `accept` fails with.
  func accept(_ peer: inout SocketAddress) throws -> Int32? {
    let accepted = csystem_accept(descriptor, &peer.storage, &peer.length)
    if accepted >= 0 { return accepted }
    let failure = SystemFailure("accept")
    // Without a free descriptor the call fails even when nobody waits.
    guard failure.code == EAGAIN || !hasPending else { throw failure }
    isReadable = false
    return nil
  }

  private var hasPending: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) != 0
  }

  /// The bytes sent, nil when the socket is full; `hasMore` holds the packet back for what follows.
  func send(_ bytes: UnsafeRawBufferPointer, hasMore: Bool = false) throws -> Int? {
    let flags = Int32(MSG_NOSIGNAL) | (hasMore ? Int32(MSG_MORE) : 0)
    return try sent("send") { Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags) }
  }

  /// The bytes sent of `head`, from an offset, and of the body after it; nil when the socket is full.
  func send(_ head: [UInt8], from start: Int, _ body: [UInt8]) throws -> Int? {
    try head.withUnsafeBytes { head in
      try body.withUnsafeBytes { body in
        // The call takes pointers that it could write through, but a sendmsg only reads.
        let pieces = [
          iovec(
            iov_base: head.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + start) },
            iov_len: head.count - start),
          iovec(iov_base: body.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }, iov_len: body.count),
        ]
        return try pieces.withUnsafeBufferPointer { pieces in
          var message = msghdr()
          message.msg_iov = UnsafeMutablePointer(mutating: pieces.baseAddress)
          message.msg_iovlen = pieces.count
          return try sent("sendmsg") { sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) }
        }
      }
    }
  }

  /// The bytes of the file sent, 0 at its end, nil when the socket is full; `offset` moves along.
  func send(file: Int32, from offset: inout Int64, count: Int) throws -> Int? {
    var position = off_t(offset)
    defer { offset = Int64(position) }
    return try sent("sendfile") { sendfile(descriptor, file, &position, count) }
  }

  private func sent(_ call: String, _ body: () -> Int) throws -> Int? {
    while true {
      let count = body()
      if count >= 0 {
        moved += Int64(count)
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        isWritable = false
        return nil
      default: throw SystemFailure(call)
      }
    }
  }

  /// Suspends until the socket is ready, the deadline (monotonic nanoseconds) has passed or the wait is cancelled.
  func wait(_ interest: Interest, until deadline: Int64) async -> Wakeup {
    if isCancelled { return .closed }
    if isMet(interest) { return .ready }
    assert(waiter == nil, "two tasks wait on one connection")
    return await withUnsafeContinuation { continuation in
      wait(interest, until: deadline, .task(continuation))
    }
  }

  /// Waits as `wait` does for a connection whose task ends now; a new one goes on with what woke it.
  func park(_ connection: Connection, _ interest: Interest, until deadline: Int64) {
    wait(interest, until: deadline, .connection(connection))
    if isCancelled { wake(.closed) } else if isMet(interest) { wake(.ready) }
  }

  private func wait(_ interest: Interest, until deadline: Int64, _ waiter: Waiter) {
    self.interest = interest
    self.deadline = deadline
    self.waiter = waiter
    file()
  }

  private func file() {
    guard deadline < filed else { return }
    filed = deadline
    loop.file(self, at: deadline)
  }

  /// An entry of the loop's deadlines has come due.
  func expire(_ time: Int64) {
    guard time == filed else { return }
    filed = .max
    if deadline <= loop.now { wake(.timedOut) } else { file() }
  }

  /// How cheap it is to close the connection for a new one; nil when that must not be.
  ///
  /// Whoever is at work, or is known, is left alone: only waiting for a client that nobody knows is given up.
  var expense: Expense? {
    guard !isCancelled, !isClosed else { return nil }
    switch phase {
    case .idle: return isNew ? .unknownClient : .idle
    case .readingHead: return .unknownClient
    case .busy: return !isKnown && (interest == .reading || interest == .writing) ? .unknownClient : nil
    case .listening: return nil
    }
  }

  /// Nobody will close the connection for another's sake while its present request is under way.
  func vouch() { isKnown = true }

  /// Notes what epoll reported and wakes the task when it waits for that.
  func notify(_ events: UInt32) {
    let isOver = events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    if isOver || events & EPOLLRDHUP.rawValue != 0 { hasHungUp = true }
    if isOver || events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { isReadable = true }
    if isOver || events & EPOLLOUT.rawValue != 0 { isWritable = true }
    if isMet(interest) { wake(.ready) }
  }

  private func isMet(_ interest: Interest) -> Bool {
    switch interest {
    case .reading: isReadable
    case .writing, .writingOrBell: isWritable
    case .bell: hasHungUp
    case .nothing: false
    }
  }

  /// Wakes the task when it waits for the bell; other threads go through `EventLoop.ring`.
  func ring() {
    if interest == .bell || interest == .writingOrBell { wake(.ready) }
  }

  func wake(_ reason: Wakeup) {
    guard let waiter else { return }
    self.waiter = nil
    interest = .nothing
    deadline = .max
    switch waiter {
    case .task(let continuation): continuation.resume(returning: reason)
    case .connection(let connection): loop.spawn { await connection.run(reason) }
    }
  }

  /// Ends the connection to make room for a new one.
  func displace() {
    isDisplaced = true
    cancel()
  }

  /// Ends the present wait and every later one.
  func cancel() {
    isCancelled = true
    wake(.closed)
  }

  /// The address and port the client reached, for a request that names no host; "localhost" for a unix socket.
  var localName: String {
    var name = SocketAddress()
    let code = withUnsafeMutablePointer(to: &name.storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &name.length) }
    }
    guard code == 0, let (address, port) = name.numeric else { return "localhost" }
    return "\(ListenAddress.tcp(address: address, port: port))"
  }

  /// How many bytes of what was sent the client has not acknowledged (tcp(7), SIOCOUTQ).
  var unsent: Int {
    var count: Int32 = 0
    return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? max(0, Int(count)) : 0
  }

  /// Makes the close a reset, which frees at once what the kernel still holds for the client.
  func abandonOutput() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    loop.forget(self)
    Glibc.close(descriptor)
  }
}
