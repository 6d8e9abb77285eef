import Basics

/// One connection of a page: a head, and then one exchange or one tunnel; nothing follows on it.
final class PageConnection: PageSocketOwner {
  enum State {
    case head
    case looking
    case dialling
    /// Bytes go between the page and the server.
    case exchange
    /// Only an answer of the proxy's own is left to be sent.
    case answering
    /// All is sent, and the page is to close.
    case lingering
    case closed
  }

  static let mostTurns = 32
  /// Of an exchange: the head of its answer, and the interim ones before it.
  static let longestAnswerHead = 64 << 10

  let door: PageDoor
  let client: PageSocket
  private(set) var state = State.head
  /// Monotonic nanoseconds when the state began, and when the last byte came or went.
  private var stateStart: Int64
  private var lastByte: Int64

  /// What came of the page and is of no body yet.
  var head: [UInt8] = []
  var request: PageRequest?

  var dial: PageDial?
  var server: PageSocket?
  /// On its way to the server.
  var up = PendingBytes()
  /// On its way to the page.
  var down = PendingBytes()
  var requestBody = BodyMeter.untilEnd
  /// True when the page sends nothing more, or nothing that counts.
  var isUpOver = false
  /// True when the server takes nothing more.
  var isUpBroken = false
  var answerHead: [UInt8] = []
  var interimBytes = 0
  /// Nil until the head of the answer is there.
  var answerBody: BodyMeter?
  var isDownOver = false
  /// What follows `down` from a file of the site of our own.
  var file: PageFilePart?

  var loop: PageLoop { door.loop }

  init(_ accepted: Int32, _ door: PageDoor) {
    self.door = door
    stateStart = door.loop.now
    lastByte = door.loop.now
    client = PageSocket(accepted)
    client.owner = self
    loop.add(client)
    enter(.head)
  }

  /// Moves on as far as it goes without waiting.
  func advance() {
    switch state {
    case .head: readHead()
    case .looking: if client.hasHungUp { close() }
    case .dialling: if client.hasHungUp { close() } else { followDial() }
    case .exchange: exchange()
    case .answering: sendAnswer()
    case .lingering: linger()
    case .closed: break
    }
  }

  func enter(_ state: State) {
    guard case .closed = self.state else {
      self.state = state
      stateStart = loop.now
      lastByte = loop.now
      client.wantsReading = state == .head || state == .lingering
      client.wantsWriting = state == .answering
      loop.file(deadline)
      return
    }
  }

  /// When it has waited long enough (monotonic nanoseconds).
  var deadline: Int64 {
    let patience = loop.patience
    return switch state {
    // A head that comes byte by byte has no more time than one that does not come.
    case .head: stateStart + patience.idle.nanoseconds
    case .looking: stateStart + patience.look.nanoseconds
    case .dialling: stateStart + patience.connect.nanoseconds
    case .exchange, .answering: lastByte + patience.idle.nanoseconds
    case .lingering: stateStart + patience.linger.nanoseconds
    case .closed: .max
    }
  }

  func hasMoved() { lastByte = loop.now }

  /// Its time is over.
  func expire() {
    switch state {
    case .looking: fail(.noAnswerInTime)
    case .dialling: dialNext(after: .noAnswerInTime)
    case .exchange where answerBody == nil: fail(.noAnswerInTime)
    case .head, .exchange, .answering: close(isBroken: true)
    case .lingering: close()
    case .closed: break
    }
  }

  private func readHead() {
    let searched = head.count
    switch client.receive(into: loop.scratch) {
    case .nothing: return
    case .end, .failed: return close()
    case .bytes(let count): head += loop.scratch[..<count]
    }
    if let end = MessageFields.end(of: head, from: searched), end <= PageRequest.longestHead {
      take(PageRequest(head[..<end]), bodyFrom: end)
    } else if head.count > PageRequest.longestHead {
      refuse(.malformed)
    } else if client.isReadable {
      loop.resume(self)
    }
  }

  private func take(_ request: PageRequest?, bodyFrom start: Int) {
    let rest = Array(head[start...])
    head = []
    guard let request else { return refuse(.malformed) }
    guard door.admits(self) else { return refuse(.limit) }
    self.request = request
    let target = request.target
    if let origin = door.visit?.origin, target.host == origin.host { return serve(request, from: origin) }
    guard door.visit?.reachesOthers ?? false else { return fail(.kept) }
    if !request.isTunnel {
      requestBody = request.body
      up.append(request.forwarded)
    }
    guard rest.withUnsafeBytes(takeUp) else { return refuse(.malformed) }
    find(target)
  }

  /// Ends with trouble of the network: an answer says so unless there is one already, and the operator learns the rest.
  func fail(_ trouble: PageTrouble) {
    if let host = request?.target.host { door.note(trouble, of: host) }
    if answerBody == nil { refuse(trouble.refusal) } else { close(isBroken: true) }
  }

  /// Ends with an answer of the proxy's own.
  func refuse(_ refusal: PageRefusal) {
    leaveServer()
    down.append(refusal.bytes)
    enter(.answering)
    advance()
  }

  /// Reads and drops what the page still sends, for a close before that would take the answer from it.
  private func linger() {
    for _ in 0..<PageConnection.mostTurns {
      switch client.receive(into: loop.scratch) {
      case .bytes: continue
      case .nothing: return
      case .end, .failed: return close()
      }
    }
    loop.resume(self)
  }

  func leaveServer() {
    if case .looking = state, let host = request?.target.host { door.giveUp(host, of: self) }
    dial = nil
    server?.close()
    server = nil
    up = PendingBytes()
  }

  /// Closes all; with a reset, when the page would else take a part for the whole.
  func close(isBroken: Bool = false) {
    if case .closed = state { return }
    leaveServer()
    state = .closed
    client.close(isBroken: isBroken)
    door.forget(self)
  }
}
