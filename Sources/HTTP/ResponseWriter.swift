import Basics
import Glibc

/// Sends answers over a socket; a client that takes nothing for the stall time is given up.
struct ResponseWriter {
  /// A body up to this size is sent together with its head.
  static let mostJoined = 64 * 1024
  private static let turn = 1 << 20

  private let socket: Socket
  private let stall: Int64

  init(_ socket: Socket, limits: ServerLimits) {
    self.socket = socket
    stall = limits.writeStall.nanoseconds
  }

  /// Writes head and body; for HEAD the head alone, which still tells the length (RFC 9110 section 9.3.2).
  ///
  /// `isChunked` tells that the client knows chunks, for a body without a known length.
  nonisolated(nonsending) func send(
    _ response: Response, id: String, isHead: Bool, isChunked: Bool = true, closes: Bool
  ) async throws {
    // The producer of a stream may count on hearing of its end, whether any of it was sent or not.
    defer { if case .stream(let stream) = response.body { stream.close() } }
    let body: Response.Body = isHead || response.status.hasNoBody ? .none : response.body
    var head = socket.loop.takeOutput()
    writeHead(response, id: id, isChunked: isChunked, closes: closes, to: &head)
    switch body {
    case .none: try await send(head)
    case .bytes(let bytes) where bytes.count <= ResponseWriter.mostJoined:
      head.append(contentsOf: bytes)
      try await send(head)
    case .bytes(let bytes):
      try await send(head, hasMore: true)
      try await send(bytes)
    case .file(let file):
      try await send(head, hasMore: file.count > 0)
      try await send(file)
    case .stream(let stream):
      let sender = EventSender(socket, stream, stall: stall, isChunked: isChunked)
      try await sender.open(after: head)
      socket.loop.giveBack(head)
      // While the stream is open it holds no output.
      head = []
      return try await sender.run()
    }
    socket.loop.giveBack(head)
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
    head.append("X-Request-Id: ")
    head.append(contentsOf: id.utf8)
    head.append(closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
  }

  /// Sends all of the bytes.
  nonisolated(nonsending) func send(_ bytes: [UInt8], hasMore: Bool = false) async throws {
    var offset = 0
    while offset < bytes.count {
      let sent = try bytes.withUnsafeBytes {
        try socket.send(UnsafeRawBufferPointer(rebasing: $0[offset...]), hasMore: hasMore)
      }
      if let sent { offset += sent } else { try await waitForRoom() }
    }
  }

  private nonisolated(nonsending) func send(_ body: FileBody) async throws {
    var offset = body.offset
    let end = body.offset + body.count
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
        try await waitForRoom()
        continue
      }
      // The file became shorter than promised: only closing tells the client that its body is not whole.
      if sent == 0 { throw SystemFailure("sendfile", code: EIO) }
      sentInTurn += sent
      if sentInTurn >= ResponseWriter.turn {
        sentInTurn = 0
        await Task.yield()
      }
    }
  }

  /// Reads and writes where the file system has no sendfile.
  private nonisolated(nonsending) func copy(_ file: OpenFile, _ range: Range<Int64>) async throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = Int(min(Int64(ResponseWriter.mostJoined), range.upperBound - offset))
      var piece = [UInt8](repeating: 0, count: wanted)
      let count = try check("pread") {
        piece.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, wanted, off_t(offset)) }
      }
      if count == 0 { throw SystemFailure("pread", code: EIO) }
      try await send(Array(piece[..<count]))
      offset += Int64(count)
    }
  }

  private nonisolated(nonsending) func waitForRoom() async throws {
    let wakeup = await socket.wait(.writing, until: socket.loop.now + stall)
    if wakeup != .ready { throw SystemFailure("send", code: ETIMEDOUT) }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  fileprivate mutating func append(decimal number: Int64) {
    if number >= 10 { append(decimal: number / 10) }
    append(UInt8(number % 10) + 0x30)
  }
}
