import Basics
import Glibc

/// One client's connection: reads a request, has it answered, writes the answer, and again.
final class Connection {
  private let socket: Socket
  private let service: Service
  private let peer: Peer
  private let writer: ResponseWriter
  private let accepted: Int64
  private var held: ReadBuffer?
  private var served = 0

  init(_ socket: Socket, _ service: Service, _ peer: Peer) {
    self.socket = socket
    self.service = service
    self.peer = peer
    writer = ResponseWriter(socket, limits: service.limits)
    accepted = socket.loop.now
  }

  /// Serves requests until one side ends the connection.
  nonisolated(nonsending) func run() async {
    do {
      while try await serve() {}
    } catch {
      // The client is gone or takes nothing: there is nobody to tell.
    }
    socket.close()
    releaseBuffer()
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

  /// Serves one request; false when the connection is to be closed.
  private nonisolated(nonsending) func serve() async throws -> Bool {
    let head: RequestHead
    do {
      guard let next = try await readHead() else { return false }
      head = next
    } catch let failure as HTTPFailure {
      try await refuse(failure)
      return false
    }
    let start = socket.loop.clock.monotonic()
    served += 1
    var request = makeRequest(head)
    // Whoever keeps the request must not read the next one's bytes.
    defer { request.body.finish() }
    let response = await service.router.respond(to: &request, bodyLimit: service.limits.bodyLimit)
    let leftover = request.body.leftover
    let closes = head.wantsClose || served >= service.limits.requestsPerConnection || socket.loop.isDraining
    // What is left of a body is not read after a stream: it would stand in the way for as long as that is open.
    let isStream = if case .stream = response.body { true } else { false }
    let keepsBody = leftover == .nothing || !isStream && leftover.isAtMost(service.limits.drainedBody)
    if isStream { letGo(of: &request) }
    do {
      defer { note(request, response, since: start) }
      try await writer.send(
        response, id: request.id, isHead: head.method == .head, isChunked: head.isVersion11,
        closes: closes || !keepsBody)
    }
    if closes || !keepsBody {
      try await linger(isPatient: leftover != .nothing)
      return false
    }
    try await request.body.drain()
    shrinkBuffer()
    return true
  }

  /// A stream may be open for hours: it holds no buffer, and of the request only what its log line says.
  private func letGo(of request: inout Request) {
    request.body.finish()
    request.body = RequestBody()
    request.headers = Headers()
    if held?.isEmpty == true { releaseBuffer() }
  }

  private func makeRequest(_ head: RequestHead) -> Request {
    let hasBody = head.framing != .length(0)
    let source =
      hasBody ? BodySource(socket, limits: service.limits, expectsContinue: head.expectsContinue) : nil
    return Request(
      head.method, head.target, path: head.path, query: head.query, headers: head.headers,
      body: RequestBody(head.framing, buffer: buffer, source: source), id: service.makeRequestID(), peer: peer,
      host: head.host)
  }

  /// The next head; nil when the connection ended or waited long enough between requests.
  private nonisolated(nonsending) func readHead() async throws -> RequestHead? {
    let loop = socket.loop
    let limits = service.limits
    if held?.isEmpty != false {
      releaseBuffer()
      socket.enter(.idle)
      if loop.isDraining { return nil }
      let patience = served == 0 ? limits.headerTime : limits.keepAlive
      guard await socket.wait(.reading, until: loop.now + patience.nanoseconds) == .ready else { return nil }
    }
    socket.enter(.readingHead)
    defer { socket.enter(.busy) }
    let deadline = (served == 0 ? accepted : loop.now) + limits.headerTime.nanoseconds
    var parser = RequestParser()
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
  private nonisolated(nonsending) func refuse(_ failure: HTTPFailure) async throws {
    let id = service.makeRequestID()
    let response = service.router.refuse(failure, nil)
    service.accessLog?.info(
      "refused", ["status": "\(response.status.code)", "reason": failure.sentence, "peer": "\(peer)", "request": id])
    try await writer.send(response, id: id, isHead: false, closes: true)
    // Who is slow to ask gets no more time.
    try await linger(isPatient: failure.status != .requestTimeout)
  }

  /// Reads on for a moment before closing, so that unread bytes do not reset the answer away (RFC 9112 section 9.6).
  private nonisolated(nonsending) func linger(isPatient: Bool) async throws {
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

  private func note(_ request: Request, _ response: Response, since start: Int64) {
    guard let log = service.accessLog else { return }
    log.info(
      "request",
      [
        "method": request.method.rawValue, "path": request.loggedPath,
        "status": "\(response.status.code)", "bytes": "\(response.length)",
        "ms": "\((socket.loop.clock.monotonic() - start) / 1_000_000)", "peer": "\(peer)", "request": request.id,
      ])
  }
}

extension RequestBody.Leftover {
  fileprivate func isAtMost(_ most: Int64) -> Bool {
    if case .known(let count) = self { count <= most } else { false }
  }
}
