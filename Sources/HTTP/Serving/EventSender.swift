import Basics
import Glibc

/// Sends one event stream over a socket until the client, the producer or the server ends it.
///
/// Used on the thread of the socket's loop only.
final class EventSender {
  /// True when the connection ends with the stream.
  let closes: Bool
  private let socket: Socket
  private let stream: EventStream
  private let stall: Int64
  /// False for HTTP/1.0, where the end of the connection is the end of the body.
  private let isChunked: Bool
  private var entry: AccessEntry
  private var nextHeartbeat = Int64.max

  init(
    _ socket: Socket, _ stream: EventStream, _ entry: AccessEntry, limits: ServerLimits, isChunked: Bool, closes: Bool
  ) {
    self.socket = socket
    self.stream = stream
    self.entry = entry
    stall = limits.rateWindow.nanoseconds
    self.isChunked = isChunked
    self.closes = closes
  }

  /// Sends the head with a comment and the initial events, so that the client sees the stream open.
  func open(after head: [UInt8]) async throws {
    stream.channel.attach(socket)
    var opening = ServerSentEvent.comment
    for event in stream.takeInitial() { event.write(to: &opening) }
    try await send(opening, after: head)
  }

  /// Sends what there is: gives the time of the next heartbeat (monotonic nanoseconds) when that is all for now, nil
  /// when the body is complete, and throws when the client is to be dropped.
  func run(isHeartbeat: Bool) async throws -> Int64? {
    if isHeartbeat { try await send(ServerSentEvent.comment) }
    while true {
      switch stream.channel.take() {
      case .events(let events):
        var bytes: [UInt8] = []
        for event in events { event.write(to: &bytes) }
        try await send(bytes)
        if isOver { return try await finish() }
        // A producer that never pauses must not keep the loop from its other connections.
        await Task.yield()
      case .nothing: return isOver ? try await finish() : nextHeartbeat
      case .finished: return try await finish()
      case .overflowed: throw EventSender.tooSlow
      }
    }
  }

  /// Tells the producer that nobody listens any more; gives what the log is to say.
  func close() -> AccessEntry {
    entry.bytes = stream.sent
    entry.end = socket.loop.clock.monotonic()
    stream.close()
    return entry
  }

  private func finish() async throws -> Int64? {
    if isChunked { try await write(Array("0\r\n\r\n".utf8)) }
    return nil
  }

  /// True in a drain, and when the client has ended its side, be it by a close or for sending only.
  ///
  /// Both look alike until something is written, and neither browsers nor curl ever end only the sending half; Go's
  /// net/http decides so too. A client that did gets a complete body all the same.
  private var isOver: Bool { socket.hasHungUp || socket.loop.isDraining }

  private func send(_ bytes: [UInt8], after head: [UInt8] = []) async throws {
    var output = head
    if isChunked { output.append(contentsOf: (String(bytes.count, radix: 16) + "\r\n").utf8) }
    output.append(contentsOf: bytes)
    if isChunked { output.append(contentsOf: "\r\n".utf8) }
    try await write(output)
    stream.count(bytes.count)
    nextHeartbeat = socket.loop.now + stream.heartbeat.nanoseconds
  }

  /// Writes all of the bytes; gives up when the client stalls, when events overflow meanwhile, and in a drain.
  private func write(_ bytes: [UInt8]) async throws {
    var offset = 0
    var deadline = socket.loop.now + stall
    while offset < bytes.count {
      let sent = try bytes.withUnsafeBytes { try socket.send(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      if let sent {
        offset += sent
        deadline = socket.loop.now + stall
      } else {
        if stream.channel.hasOverflowed || socket.loop.isDraining { throw EventSender.tooSlow }
        guard await socket.wait(.writingOrBell, until: deadline) == .ready else { throw EventSender.tooSlow }
      }
    }
  }

  private static let tooSlow = SystemFailure("send", "the client takes its events too slowly", code: ETIMEDOUT)
}
