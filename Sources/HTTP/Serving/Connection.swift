import Basics
import Glibc

/// One client's connection: reads a request, has it answered, writes the answer, and again.
///
/// When nothing has happened on it for a moment it gives up its task; the socket starts another one when something
/// does. An idle connection then costs its few objects, and an open event stream not much more.
///
/// `@unchecked Sendable`: all of it is touched on the thread of its loop only, like its socket.
final class Connection: @unchecked Sendable {
  /// Long enough that a busy client never meets the cost of a new task.
  private static let grace: Int64 = 50_000_000
  /// After so many requests the other connections of the loop get their turn, however many have been sent ahead.
  private static let turn = 16

  /// What follows a step of the connection.
  private enum Next {
    case again
    case park(Socket.Interest, until: Int64)
    case close
  }

  let socket: Socket
  let service: Service
  let peer: Peer
  /// True when the peer is a proxy whose word about the client counts.
  private let isProxied: Bool
  private var held: ReadBuffer?
  private var served = 0
  /// Monotonic nanoseconds until which the next request must have begun, or the first one arrived.
  private var deadline: Int64
  /// When it was last seen between requests, and what the client had not taken by then.
  private var look: (time: Int64, unsent: Int)?
  private var events: EventSender?

  init(_ socket: Socket, _ service: Service, _ peer: Peer) {
    self.socket = socket
    self.service = service
    self.peer = peer
    isProxied = service.proxies.trusts(peer)
    deadline = socket.loop.now + service.limits.headerTime.nanoseconds
  }

  /// Waits for the first bytes, without a task.
  func begin() {
    socket.loop.connections += 1
    socket.enter(.idle)
    socket.park(self, .reading, until: deadline)
  }

  /// Goes on with what the socket was woken for, until one side ends the connection or nothing happens on it.
  func run(_ reason: Socket.Wakeup) async {
    var reason = reason
    do {
      while true {
        switch events == nil ? try await serve(reason) : try await stream(reason) {
        case .again: reason = .ready
        case .park(let interest, let deadline): return socket.park(self, interest, until: deadline)
        case .close: return end()
        }
      }
    } catch {
      // The client is gone or takes nothing: there is nobody to tell, and no reason to keep what it did not take.
      if (error as? SystemFailure)?.code == ETIMEDOUT { socket.abandonOutput() }
      end()
    }
  }

  private func end() {
    endStream()
    socket.close()
    releaseBuffer()
    socket.loop.connections -= 1
  }

  /// An idle connection holds no buffer; it takes one when bytes come.
  private var buffer: ReadBuffer {
    if let held { return held }
    let taken = socket.loop.takeBuffer()
    held = taken
    return taken
  }

  private func releaseBuffer() {
    if let held { socket.loop.giveBack(held) }
    held = nil
  }

  /// Serves one request.
  private func serve(_ reason: Socket.Wakeup) async throws -> Next {
    if let next = await awaitRequest(reason) { return next }
    let head: RequestHead
    do {
      guard let next = try await readHead() else { return .close }
      head = next
    } catch let failure as HTTPFailure {
      try await refuse(failure)
      return .close
    }
    let start = socket.loop.clock.monotonic()
    served += 1
    if served.isMultiple(of: Connection.turn) { await Task.yield() }
    var request = makeRequest(head)
    // Whoever keeps the request must not read the next one's bytes.
    defer { request.body.finish() }
    let response = await service.router.respond(to: &request, bodyLimit: service.limits.bodyLimit)
    let leftover = request.body.leftover
    let closes = head.wantsClose || served >= service.limits.requestsPerConnection || socket.loop.isDraining
    let writer = ResponseWriter(socket, limits: service.limits)
    var entry = AccessEntry(request, response, start: start)
    if case .stream(let stream) = response.body, head.method != .head {
      // What is left of a body is not read after a stream: it would stand in the way for as long as that is open.
      let closes = closes || leftover != .nothing
      letGo(of: &request)
      let sender = EventSender(
        socket, stream, entry, limits: service.limits, isChunked: head.isVersion11, closes: closes)
      events = sender
      try await sender.open(
        after: writer.head(of: response, id: request.id, isChunked: head.isVersion11, closes: closes))
      return .again
    }
    let keepsBody = leftover == .nothing || leftover.isAtMost(service.limits.drainedBody)
    do {
      defer {
        entry.end = socket.loop.clock.monotonic()
        service.note(entry)
      }
      try await writer.send(
        response, id: request.id, isHead: head.method == .head, isChunked: head.isVersion11,
        closes: closes || !keepsBody)
    }
    if closes || !keepsBody {
      try await linger(isPatient: leftover != .nothing)
      return .close
    }
    if leftover != .nothing { try await request.body.drain() }
    shrinkBuffer()
    return .again
  }

  /// Sends the events of an open stream until there are none, or none any more.
  private func stream(_ reason: Socket.Wakeup) async throws -> Next {
    guard let events, reason != .closed else { return .close }
    if let heartbeat = try await events.run(isHeartbeat: reason == .timedOut) { return .park(.bell, until: heartbeat) }
    endStream()
    if !events.closes { return .again }
    try await linger(isPatient: false)
    return .close
  }

  private func endStream() {
    guard let events else { return }
    self.events = nil
    service.note(events.close())
  }

  /// A stream may be open for hours: it holds no buffer, and of the request only what its log line says.
  private func letGo(of request: inout Request) {
    request.body.finish()
    request.body = .none
    if held?.isEmpty == true { releaseBuffer() }
  }

  private func makeRequest(_ head: RequestHead) -> Request {
    let hasBody = head.framing != .length(0)
    let source =
      hasBody ? BodySource(socket, limits: service.limits, expectsContinue: head.expectsContinue) : nil
    var request = Request(
      head.method, head.target, path: head.path, query: head.query, headers: head.headers,
      body: hasBody ? RequestBody(head.framing, buffer: buffer, source: source) : .none, id: service.makeRequestID(),
      peer: peer, host: head.host)
    request.socket = socket
    if let field = service.proxies.userField { request.takeUser(from: field, isTrusted: isProxied) }
    if isProxied { request.take(ForwardedFields(head.headers), from: peer, trusting: service.proxies) }
    if request.host.isEmpty { request.host = socket.localName }
    return request
  }

  /// Nil when bytes of a request can be read; else what comes instead.
  private func awaitRequest(_ reason: Socket.Wakeup) async -> Next? {
    let loop = socket.loop
    guard reason == .ready else { return reason == .timedOut ? giveUp() : .close }
    guard held?.isEmpty != false else { return nil }
    releaseBuffer()
    if socket.phase != .idle {
      socket.enter(.idle)
      deadline = loop.now + service.limits.keepAlive.nanoseconds
      look = nil
    }
    if loop.isDraining { return .close }
    switch await socket.wait(.reading, until: min(deadline, loop.now + Connection.grace)) {
    case .ready: return nil
    case .closed: return .close
    case .timedOut where loop.now < deadline:
      look = (loop.now, socket.unsent)
      return .park(.reading, until: deadline)
    case .timedOut: return giveUp()
    }
  }

  /// Ends a connection that asked for nothing more; one that does not even take its last answer is reset, and one that
  /// takes it slowly has time as long as it does.
  private func giveUp() -> Next {
    let (now, unsent) = (socket.loop.now, socket.unsent)
    guard unsent > 0 else { return .close }
    guard let last = look, unsent < last.unsent,
      Int64(last.unsent - unsent) >= service.limits.least(in: now - last.time)
    else {
      socket.abandonOutput()
      return .close
    }
    look = (now, unsent)
    return .park(.reading, until: now + service.limits.rateWindow.nanoseconds)
  }

  /// The next head; nil when the connection ended.
  private func readHead() async throws -> RequestHead? {
    let loop = socket.loop
    socket.enter(.readingHead)
    defer { socket.enter(.busy, having: held?.count ?? 0) }
    let deadline = served == 0 ? self.deadline : loop.now + service.limits.headerTime.nanoseconds
    var parser = RequestParser(limits: service.limits)
    while true {
      if !buffer.isEmpty, let (head, count) = try parser.parse(buffer.bytes) {
        buffer.consume(count)
        return head
      }
      if buffer.free.isEmpty { buffer.reserve(2 * buffer.count) }
      switch try socket.receive(into: buffer.free) {
      case 0?:
        if buffer.isEmpty { return nil }
        throw HTTPFailure.malformed("the connection ended within the head of a request")
      case let count?: buffer.filled(count)
      case nil:
        switch await socket.wait(.reading, until: deadline) {
        case .ready: break
        case .closed: return nil
        case .timedOut:
          if buffer.isEmpty { return nil }
          throw HTTPFailure.headTimeout
        }
      }
    }
  }

  /// Answers a request that cannot be read and ends the connection; no later byte is parsed.
  private func refuse(_ failure: HTTPFailure) async throws {
    let id = service.makeRequestID()
    let response = service.router.refuse(failure, nil)
    service.accessLog?.info(
      "refused", ["status": "\(response.status.code)", "reason": failure.sentence, "peer": "\(peer)", "request": id])
    try await ResponseWriter(socket, limits: service.limits).send(response, id: id, isHead: false, closes: true)
    // Who is slow to ask gets no more time.
    try await linger(isPatient: failure.status != .requestTimeout)
  }

  /// Reads on for a moment before closing, so that unread bytes do not reset the answer away (RFC 9112 section 9.6).
  private func linger(isPatient: Bool) async throws {
    shutdown(socket.descriptor, Int32(SHUT_WR))
    let deadline = socket.loop.now + service.limits.lingerTime.nanoseconds
    var discarded: Int64 = 0
    buffer.consume(buffer.count)
    while discarded < service.limits.lingerBytes {
      if let count = try socket.receive(into: buffer.free) {
        if count == 0 { return }
        discarded += Int64(count)
      } else {
        if !isPatient && discarded == 0 { return }
        guard await socket.wait(.reading, until: deadline) == .ready else { return }
      }
    }
  }

  private func shrinkBuffer() {
    guard let held, held.capacity > ReadBuffer.smallest else { return }
    let small = socket.loop.takeBuffer()
    small.append(held.bytes)
    self.held = small
  }
}

extension RequestBody.Leftover {
  fileprivate func isAtMost(_ most: Int64) -> Bool {
    if case .known(let count) = self { count <= most } else { false }
  }
}
