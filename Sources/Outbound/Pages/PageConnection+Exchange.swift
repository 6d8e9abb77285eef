/// The bytes between page and server: what one side cannot take now holds back the other.
extension PageConnection {
  /// Moves bytes both ways as far as they go, and says what is waited for.
  func exchange() {
    guard let request else { return close() }
    // A page that has only ended its side hangs up no socket that still sends.
    if client.hasHungUp && !request.isTunnel { return close() }
    for _ in 0..<PageConnection.mostTurns {
      let hasMovedUp = moveUp()
      guard case .exchange = state else { return }
      let hasMovedDown = moveDown()
      guard case .exchange = state else { return }
      if isOver { return finish() }
      if !hasMovedUp && !hasMovedDown {
        client.wantsReading = !isUpOver && up.isEmpty
        client.wantsWriting = !down.isEmpty
        server?.wantsReading = !isDownOver && down.isEmpty
        server?.wantsWriting = !up.isEmpty
        return
      }
    }
    loop.resume(self)
  }

  /// True when nothing is left to be moved: an answer ends an exchange, and a tunnel ends with both of its sides.
  private var isOver: Bool {
    isDownOver && down.isEmpty && (request?.isTunnel == false || isUpOver && up.isEmpty)
  }

  private func finish() {
    leaveServer()
    if request?.isTunnel == true { return close() }
    client.endSending()
    enter(.lingering)
    advance()
  }

  /// Takes what the page sends, but nothing that follows its body; false when it is malformed.
  func takeUp(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let count = requestBody.take(bytes) else { return false }
    up.append(bytes[..<count])
    isUpOver = requestBody.isComplete
    return true
  }

  /// Sends what is pending, else reads what comes next of the page; true when bytes have moved.
  private func moveUp() -> Bool {
    if !up.isEmpty { return sendUp() }
    guard !isUpOver, client.isReadable else { return false }
    switch client.receive(into: loop.scratch) {
    case .nothing: return false
    case .failed: close(isBroken: true)
    case .end:
      isUpOver = true
      // Half a request is none, and what the server makes of it helps nobody.
      if requestBody.endsWithConnection { server?.endSending() } else { close(isBroken: true) }
    case .bytes(let count):
      hasMoved()
      let isSound = takeUp(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
      if isUpBroken { up = PendingBytes() }
      if !isSound { if answerBody == nil { refuse(.malformed) } else { close(isBroken: true) } }
    }
    return true
  }

  private func sendUp() -> Bool {
    guard let server, server.isWritable else { return false }
    let room = Int(min(door.room, Int64(PageLoop.bufferSize)))
    guard room > 0 else {
      door.exceed(.bytes)
      return false
    }
    switch up.withBytes({ server.send(UnsafeRawBufferPointer(rebasing: $0.prefix(room))) }) {
    case .full: return false
    case .failed:
      // A server may answer and leave before it has read everything.
      isUpBroken = true
      up = PendingBytes()
      if request?.isTunnel == true { close(isBroken: true) }
    case .bytes(let count):
      hasMoved()
      up.drop(count)
      door.count(sent: count)
    }
    return true
  }

  private func moveDown() -> Bool {
    if !down.isEmpty { return sendDown() }
    guard !isDownOver, let server, server.isReadable else { return false }
    // One byte more than there is room for tells that there is more.
    let room = Int(min(door.room, Int64(PageLoop.bufferSize - 1))) + 1
    switch server.receive(into: UnsafeMutableRawBufferPointer(rebasing: loop.scratch[..<room])) {
    case .nothing: return false
    case .failed: fail(.lost)
    case .end: endDown()
    case .bytes(let count):
      hasMoved()
      door.count(received: count)
      guard case .exchange = state else { return false }
      let bytes = UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])
      if answerBody == nil { takeAnswerHead(bytes) } else { takeDown(bytes) }
    }
    return true
  }

  private func endDown() {
    guard answerBody?.endsWithConnection == true else { return fail(.lost) }
    isDownOver = true
    if request?.isTunnel == true { client.endSending() }
  }

  private func sendDown() -> Bool {
    guard client.isWritable else { return false }
    switch down.withBytes(client.send) {
    case .full: return false
    case .failed: close()
    case .bytes(let count):
      hasMoved()
      down.drop(count)
    }
    return true
  }

  private func takeAnswerHead(_ bytes: UnsafeRawBufferPointer) {
    guard let request else { return close() }
    var searched = answerHead.count
    answerHead += bytes
    while let end = MessageFields.end(of: answerHead, from: searched) {
      guard interimBytes + end <= PageConnection.longestAnswerHead,
        let answer = PageAnswer(answerHead[..<end], to: request)
      else { return fail(.badAnswer) }
      // HTTP/1.0 knows no answer before the answer (RFC 9110 section 15.2).
      if !answer.isInterim || !request.isHTTP10 { down.append(answer.forwarded) }
      answerHead.removeFirst(end)
      guard answer.isInterim else {
        answerBody = answer.body
        isDownOver = answer.body.isComplete
        let rest = answerHead
        answerHead = []
        return rest.withUnsafeBytes { takeDown($0) }
      }
      interimBytes += end
      searched = 0
    }
    if interimBytes + answerHead.count > PageConnection.longestAnswerHead { fail(.badAnswer) }
  }

  /// Sends a part of the body on, and keeps what the page does not take at once.
  private func takeDown(_ bytes: UnsafeRawBufferPointer) {
    guard let count = answerBody?.take(bytes) else { return fail(.badAnswer) }
    isDownOver = answerBody?.isComplete ?? true
    var body = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    if down.isEmpty, client.isWritable, !body.isEmpty {
      switch client.send(body) {
      case .full: break
      case .failed: return close()
      case .bytes(let sent): body = UnsafeRawBufferPointer(rebasing: body.dropFirst(sent))
      }
    }
    down.append(body)
  }
}
