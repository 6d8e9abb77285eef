import Basics
import Glibc
import Synchronization

/// A server of 127.0.0.1 that does with each connection what a test tells it.
final class PageReceiver: Sendable {
  private struct State {
    var threads: [ServiceThread] = []
    var peers: [PagePeer] = []
    var connections = 0
    var isClosed = false
  }

  let port: UInt16
  private let listener: Int32
  private let serve: @Sendable (PagePeer) -> Void
  private let state = Mutex(State())
  private let kept: PageHeads

  /// Serves each connection on a thread of its own.
  init(
    _ kept: PageHeads = PageHeads(), at address: String = "127.0.0.1", port: UInt16 = 0,
    _ serve: @escaping @Sendable (PagePeer) -> Void
  ) throws {
    (listener, self.port) = try PagePeer.listen(address, port: port)
    self.kept = kept
    self.serve = serve
    let thread = ServiceThread("page-receiver") { [self] in acceptAll() }
    state.withLock { $0.threads.append(thread) }
  }

  /// Answers each request with these bytes.
  static func answering(_ answer: String) throws -> PageReceiver {
    let heads = PageHeads()
    return try PageReceiver(heads) { peer in
      heads.add(peer.head())
      peer.send(answer)
    }
  }

  /// The heads of the requests that have come.
  var heads: [String] { kept.all }

  /// How many connections were made to it.
  var connections: Int { state.withLock { $0.connections } }

  func close() {
    let (threads, peers) = state.withLock { state in
      state.isClosed = true
      return (state.threads, state.peers)
    }
    for peer in peers { shutdown(peer.descriptor, Int32(SHUT_RDWR)) }
    shutdown(listener, Int32(SHUT_RDWR))
    for thread in threads { thread.join() }
    Glibc.close(listener)
  }

  private func acceptAll() {
    while true {
      let accepted = accept(listener, nil, nil)
      if accepted < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
      guard accepted >= 0 else { return }
      let peer = PagePeer(accepted)
      state.withLock { state in
        if state.isClosed { return }
        state.peers.append(peer)
        state.connections += 1
        state.threads.append(
          ServiceThread("page-peer") { [self] in
            serve(peer)
            self.state.withLock { $0.peers.removeAll { $0 === peer } }
          })
      }
    }
  }
}
