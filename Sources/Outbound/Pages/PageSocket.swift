import Basics
import Glibc

/// A non-blocking socket of the loop, with what is known of its readiness; what it cannot do at once is asked of poll(2).
final class PageSocket {
  enum Received {
    case bytes(Int)
    case nothing
    case end
    case failed
  }

  enum Sent {
    case bytes(Int)
    case full
    case failed
  }

  let descriptor: Int32
  /// Who is to go on when it becomes ready.
  weak var owner: (any PageSocketOwner)?
  /// True until it is found to have nothing.
  private(set) var isReadable = true
  /// True until it is found to be full.
  private(set) var isWritable = true
  /// True once both directions are at their end, or the connection is broken.
  private(set) var hasHungUp = false
  private(set) var isClosed = false
  /// What its owner waits for at the moment.
  var wantsReading = false
  var wantsWriting = false

  init(_ descriptor: Int32, isConnecting: Bool = false) {
    self.descriptor = descriptor
    isWritable = !isConnecting
  }

  deinit { close() }

  /// What to ask poll(2) for; nil when nothing that it could say would matter.
  var entry: pollfd? {
    guard !isClosed else { return nil }
    let events = (wantsReading && !isReadable ? POLLIN : 0) | (wantsWriting && !isWritable ? POLLOUT : 0)
    // A socket that has hung up is said to be ready whatever is asked, again and again.
    guard events != 0 || !hasHungUp else { return nil }
    return pollfd(fd: descriptor, events: Int16(events), revents: 0)
  }

  /// Takes what poll(2) said.
  func note(_ events: Int16) {
    let isOver = Int32(events) & (POLLHUP | POLLERR | POLLNVAL) != 0
    if isOver { hasHungUp = true }
    if isOver || Int32(events) & POLLIN != 0 { isReadable = true }
    if isOver || Int32(events) & POLLOUT != 0 { isWritable = true }
  }

  func receive(into room: UnsafeMutableRawBufferPointer) -> Received {
    while true {
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      if count > 0 {
        if count < room.count && !hasHungUp { isReadable = false }
        return .bytes(count)
      }
      if count == 0 { return .end }
      if errno == EINTR { continue }
      guard errno == EAGAIN else { return .failed }
      isReadable = false
      return .nothing
    }
  }

  func send(_ bytes: UnsafeRawBufferPointer) -> Sent {
    while true {
      let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      if errno == EINTR { continue }
      guard errno == EAGAIN else { return .failed }
      isWritable = false
      return .full
    }
  }

  /// Nothing to accept at the moment.
  func isExhausted() { isReadable = false }

  /// Says that nothing more will be sent.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Closes it; with a reset, so that the other side does not take a part for the whole, when `isBroken`.
  func close(isBroken: Bool = false) {
    guard !isClosed else { return }
    isClosed = true
    if isBroken {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(descriptor)
  }
}
