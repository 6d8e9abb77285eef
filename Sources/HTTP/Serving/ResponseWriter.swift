import Basics
import Glibc

/// Sends answers over a socket; a client that takes them too slowly is given up.
struct ResponseWriter {
  /// A body up to this size is sent together with its head.
  static let mostJoined = 16 * 1024
  private static let pieceOfCopy = 64 * 1024
  private static let turn = 1 << 20

  private let socket: Socket
  private let limits: ServerLimits

  init(_ socket: Socket, limits: ServerLimits) {
    self.socket = socket
    self.limits = limits
  }

  /// Writes head and body; for HEAD the head alone, which still tells the length (RFC 9110 section 9.3.2).
  ///
  /// `isChunked` tells that the client knows chunks, for a body without a known length. A stream is not sent here.
  func send(
    _ response: Response, id: String, isHead: Bool, isChunked: Bool = true, closes: Bool
  ) async throws {
    // The producer of a stream may count on hearing of its end, whether any of it was sent or not.
    defer { if case .stream(let stream) = response.body { stream.close() } }
    let body: Response.Body = isHead || response.status.hasNoBody ? .none : response.body
    var head = socket.loop.takeOutput()
    writeHead(response, id: id, isChunked: isChunked, closes: closes, to: &head)
    switch body {
    case .none, .stream: try await send(head)
    case .bytes(let bytes) where bytes.count <= ResponseWriter.mostJoined:
      head.append(contentsOf: bytes)
      try await send(head)
    case .bytes(let bytes):
      try await send(head, bytes)
    case .file(let file):
      try await send(head, hasMore: file.count > 0)
      try await send(file)
    }
    socket.loop.giveBack(head)
  }

  /// The head of an answer whose body is sent by somebody else.
  func head(of response: Response, id: String, isChunked: Bool, closes: Bool) -> [UInt8] {
    var head: [UInt8] = []
    writeHead(response, id: id, isChunked: isChunked, closes: closes, to: &head)
    return head
  }

  private func writeHead(_ response: Response, id: String, isChunked: Bool, closes: Bool, to head: inout [UInt8]) {
    head.append("HTTP/1.1 ")
    head.append(decimal: Int64(response.status.code))
    head.append(" ")
    head.append(contentsOf: response.status.reason.utf8)
    head.append("\r\n")
    socket.loop.writeDate(to: &head)
    if !response.status.hasNoBody {
      if case .stream = response.body {
        if isChunked { head.append("Transfer-Encoding: chunked\r\n") }
      } else {
        head.append("Content-Length: ")
        head.append(decimal: response.length)
        head.append("\r\n")
      }
    }
    response.headers.write(to: &head)
    head.append("X-Content-Type-Options: nosniff\r\nX-Request-Id: ")
    head.append(contentsOf: id.utf8)
    head.append(closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
  }

  /// Sends head and body as one message, without copying the body behind the head.
  private func send(_ head: [UInt8], _ body: [UInt8]) async throws {
    var sent = 0
    while sent < head.count {
      if let count = try socket.send(head, from: sent, body) {
        sent += count
      } else {
        var pace: ClientPace?
        try await waitForRoom(&pace)
      }
    }
    try await send(body, from: sent - head.count)
  }

  /// Sends all of the bytes.
  func send(_ bytes: [UInt8], from start: Int = 0, hasMore: Bool = false) async throws {
    var offset = start
    var pace: ClientPace?
    while offset < bytes.count {
      let sent = try bytes.withUnsafeBytes {
        try socket.send(UnsafeRawBufferPointer(rebasing: $0[offset...]), hasMore: hasMore)
      }
      if let sent {
        offset += sent
        pace?.note(bytes: sent)
      } else {
        try await waitForRoom(&pace)
      }
    }
  }

  private func send(_ body: FileBody) async throws {
    var offset = body.offset
    let end = body.offset + body.count
    var pace: ClientPace?
    var sentInTurn = 0
    while offset < end {
      let count = Int(min(end - offset, Int64(ResponseWriter.turn)))
      let sent: Int?
      do {
        sent = try socket.send(file: body.file.descriptor, from: &offset, count: count)
      } catch let failure as SystemFailure where failure.code == EINVAL || failure.code == ENOSYS {
        return try await copy(body.file, offset..<end)
      }
      guard let sent else {
        try await waitForRoom(&pace)
        continue
      }
      // The file became shorter than promised: only closing tells the client that its body is not whole.
      if sent == 0 { throw SystemFailure("sendfile", code: EIO) }
      pace?.note(bytes: sent)
      sentInTurn += sent
      if sentInTurn >= ResponseWriter.turn {
        sentInTurn = 0
        await socket.loop.giveWay()
      }
    }
  }

  /// Reads and writes where the file system has no sendfile.
  private func copy(_ file: OpenFile, _ range: Range<Int64>) async throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = Int(min(Int64(ResponseWriter.pieceOfCopy), range.upperBound - offset))
      var piece = [UInt8](repeating: 0, count: wanted)
      let count = try check("pread") {
        piece.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, wanted, off_t(offset)) }
      }
      if count == 0 { throw SystemFailure("pread", code: EIO) }
      try await send(Array(piece[..<count]))
      offset += Int64(count)
    }
  }

  private func waitForRoom(_ pace: inout ClientPace?) async throws {
    let loop = socket.loop
    let (start, unsent) = (loop.now, socket.unsent)
    var current = pace ?? ClientPace(limits)
    let wakeup = await socket.wait(.writing, until: start + current.patience)
    // The kernel has room again only when a third of its buffer is free; a slow client has taken less, and is alive.
    current.note(bytes: max(0, unsent - socket.unsent))
    let isFastEnough = current.note(wait: loop.now - start)
    pace = current
    guard wakeup != .closed, isFastEnough else { throw SystemFailure("send", code: ETIMEDOUT) }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
