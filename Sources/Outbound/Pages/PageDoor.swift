import Basics
import Glibc
import Synchronization

/// A listening socket that one browser context at a time reaches the network by.
///
/// `@unchecked Sendable`: it holds a loop's state; all but `figures` is touched on the loop's own thread only.
package final class PageDoor: @unchecked Sendable {
  static let mostConnections = 256
  private static let mostAtOnce = 64

  let loop: PageLoop
  private let figures = Mutex(PageTraffic())
  private let listener: Int32
  private var socket: PageSocket?
  private var connections: [ObjectIdentifier: PageConnection] = [:]
  private var setback: Setback
  /// No connection is accepted before.
  private var pauseEnd: Int64 = 0
  private(set) var visit: PageVisit?
  private var visitEnd = Int64.max
  /// Bytes received and sent by the visit.
  private var moved: Int64 = 0
  /// The names that are being looked up, each once for all connections that want it at the moment.
  var lookUps: [String: PageLookUp] = [:]
  var lastLookUp: UInt64 = 0

  init(_ listener: Int32, _ loop: PageLoop) throws(SystemFailure) {
    self.listener = listener
    self.loop = loop
    setback = Setback("cannot accept connections of a page", log: loop.log)
    do throws(SystemFailure) {
      try check("fcntl") { fcntl(listener, F_SETFL, O_NONBLOCK) }
      try check("fcntl") { fcntl(listener, F_SETFD, FD_CLOEXEC) }
    } catch {
      Glibc.close(listener)
      throw error
    }
    let socket = PageSocket(listener)
    socket.owner = self
    self.socket = socket
  }

  /// Begins a visit with fresh figures, after the end of the one before; what had connected until now is closed.
  package func begin(_ visit: PageVisit) {
    loop.perform { [self] in
      endVisit()
      guard socket != nil else { return }
      figures.withLock { $0 = PageTraffic() }
      moved = 0
      self.visit = visit
      visitEnd = loop.now &+ max(0, min(visit.timeLimit, .seconds(1 << 32)).nanoseconds)
      loop.file(visitEnd)
    }
  }

  /// Closes every connection of the visit before it returns, and every later one as it comes.
  ///
  /// The files of the visit's own site may be closed then.
  package func end() {
    loop.perform { [self] in endVisit() }
  }

  /// Ends the visit and closes the listening socket.
  package func close() {
    loop.perform { [self] in
      shut()
      loop.remove(self)
    }
  }

  /// What the visit, or the last one, has done.
  package var traffic: PageTraffic { figures.withLock(\.self) }
}

extension PageDoor: PageSocketOwner {
  /// Begins to accept.
  func attend() {
    guard let socket else { return }
    loop.add(self)
    loop.add(socket)
    advance()
  }

  /// Accepts who waits, for as long as there is room.
  func advance() {
    guard let socket, !socket.isClosed else { return }
    var count = 0
    while connections.count < PageDoor.mostConnections, loop.now >= pauseEnd, socket.isReadable {
      guard count < PageDoor.mostAtOnce else {
        loop.resume(self)
        break
      }
      count += 1
      if let accepted = accept() { take(accepted) }
    }
    socket.wantsReading = connections.count < PageDoor.mostConnections && loop.now >= pauseEnd
  }

  /// The next who waits; nil when nobody does, or when there are no descriptors left for a while.
  private func accept() -> Int32? {
    while true {
      let accepted = Glibc.accept(listener, nil, nil)
      if accepted >= 0 {
        setback.worked()
        return accepted
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN: socket?.isExhausted()
      default:
        pauseEnd = loop.now + setback.failed(SystemFailure("accept")).nanoseconds
        loop.file(pauseEnd)
      }
      return nil
    }
  }

  private func take(_ accepted: Int32) {
    guard visit != nil, fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0, fcntl(accepted, F_SETFL, O_NONBLOCK) == 0 else {
      Glibc.close(accepted)
      return
    }
    var yes: Int32 = 1
    setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    let connection = PageConnection(accepted, self)
    connections[ObjectIdentifier(connection)] = connection
    connection.advance()
  }

  /// Ends the visit, and accepts nobody any more.
  func shut() {
    endVisit()
    socket?.close()
    socket = nil
  }

  private func endVisit() {
    visit = nil
    visitEnd = .max
    closeAll()
    // Whoever came before a visit is none of its own.
    while socket != nil, let accepted = accept() { Glibc.close(accepted) }
  }

  private func closeAll(but spared: PageConnection? = nil) {
    for connection in connections.values where connection !== spared { connection.close(isBroken: true) }
  }

  /// A connection has closed.
  func forget(_ connection: PageConnection) {
    let wasFull = connections.count >= PageDoor.mostConnections
    connections[ObjectIdentifier(connection)] = nil
    if wasFull { loop.resume(self) }
  }

  /// Ends what is due and gives the time when something is next.
  func expire() -> Int64 {
    if loop.now >= visitEnd { exceed(.time) }
    if pauseEnd != 0 && loop.now >= pauseEnd {
      pauseEnd = 0
      advance()
    }
    for connection in Array(connections.values) where connection.deadline <= loop.now { connection.expire() }
    return min(visitEnd, pauseEnd == 0 ? .max : pauseEnd, connections.values.map(\.deadline).min() ?? .max)
  }
}

extension PageDoor {
  /// How many bytes the visit may still move.
  var room: Int64 { visit.map { max(0, $0.mostBytes - moved) } ?? 0 }

  var isExceeded: Bool { traffic.isExceeded }

  /// Counts bytes; at the limit all connections are closed, the caller's too.
  func count(received: Int = 0, sent: Int = 0) {
    moved += Int64(received + sent)
    figures.withLock { figures in
      figures.received += Int64(received)
      figures.sent += Int64(sent)
    }
    if let visit, moved > visit.mostBytes { exceed(.bytes) }
  }

  /// Counts a request; false when the visit may make no more, and only who asks is left then, to be told.
  func admits(_ connection: PageConnection) -> Bool {
    guard let visit, !isExceeded else { return false }
    let count = figures.withLock { figures in
      if figures.requests < visit.mostRequests { figures.requests += 1 } else { figures.exceeded = .requests }
      return figures.exceeded
    }
    if count != nil { closeAll(but: connection) }
    return count == nil
  }

  func exceed(_ limit: PageLimit) {
    visitEnd = .max
    figures.withLock { if $0.exceeded == nil { $0.exceeded = limit } }
    closeAll()
  }

  func note(_ trouble: PageTrouble, of host: String) {
    figures.withLock { $0.note(trouble, of: host) }
    loop.log.debug("a page did not get an answer", ["host": host, "reason": "\(trouble)"])
  }
}
