import Basics

/// Fetches the bytes of one body from its socket and holds the client to the least rate.
final class BodySource {
  /// After so many bytes a body gives way to other connections of the loop before each of its pieces.
  private static let turn = 1 << 18

  private let socket: Socket
  private let limits: ServerLimits
  private let time: BodyTime
  private(set) var awaitsContinue: Bool
  private var pace: ClientPace
  private var received = 0
  private var isActive = false

  init(_ socket: Socket, limits: ServerLimits, expectsContinue: Bool) {
    self.socket = socket
    self.limits = limits
    awaitsContinue = expectsContinue
    pace = ClientPace(limits)
    time = BodyTime(limits, from: socket.loop.now)
  }

  /// Waits for bytes and reads what is there, up to the buffer's room; `expected` is nil for a chunked body.
  func fill(_ buffer: ReadBuffer, expected: Int64?) async throws {
    if awaitsContinue {
      // Only now does the handler want the body: an earlier refusal spares the client the upload (RFC 9110 10.1.1).
      awaitsContinue = false
      if buffer.isEmpty { try await send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    }
    let wanted =
      isActive ? min(expected.map { max($0, Int64(ReadBuffer.smallest)) } ?? .max, Int64(ReadBuffer.largest)) : 0
    buffer.reserve(max(Int(wanted), ReadBuffer.smallest))
    while true {
      if received >= BodySource.turn { await socket.loop.giveWay() }
      let count = try receiveAll(buffer)
      if count > 0 {
        pace.note(bytes: count)
        received += count
        isActive = isActive || buffer.free.isEmpty
        return
      }
      try await wait()
    }
  }

  /// The bytes received until the socket is empty or the buffer full; throws when the client is gone.
  private func receiveAll(_ buffer: ReadBuffer) throws -> Int {
    var total = 0
    while !buffer.free.isEmpty {
      let count: Int?
      do { count = try socket.receive(into: buffer.free) } catch { throw HTTPFailure.disconnected }
      guard let count else { break }
      if count == 0 {
        if total == 0 { throw HTTPFailure.disconnected }
        break
      }
      let isShort = count < buffer.free.count
      buffer.filled(count)
      total += count
      if isShort { break }
    }
    return total
  }

  private func wait() async throws {
    let start = socket.loop.now
    let end = time.end(having: received)
    let wakeup = await socket.wait(.reading, until: min(end, start + pace.patience))
    if wakeup == .closed { throw socket.isDisplaced ? HTTPFailure.displaced : .disconnected }
    if socket.loop.now >= end { throw HTTPFailure.bodyTimeout }
    if !pace.note(wait: socket.loop.now - start) { throw HTTPFailure.bodyTimeout }
  }

  private func send(_ bytes: [UInt8]) async throws {
    do {
      try await ResponseWriter(socket, limits: limits).send(bytes)
    } catch {
      throw HTTPFailure.disconnected
    }
  }
}
