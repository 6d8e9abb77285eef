import Basics
import CSystem
import Glibc

/// Accepts the connections of one loop and starts a task for each.
struct Acceptor: Sendable {
  private static let mostAtOnce = 64
  /// What the process or the system lacks; every other failure concerned one connection that is gone.
  private static let shortages = [EMFILE, ENFILE, ENOBUFS, ENOMEM]
  private static let pause: Int64 = 1_000_000_000
  /// Enough for the connection that made room to be closed.
  private static let shortPause: Int64 = 20_000_000

  private let socket: Socket
  private let service: Service
  private let isUnix: Bool

  init(_ socket: Socket, _ service: Service, isUnix: Bool) {
    self.socket = socket
    self.service = service
    self.isUnix = isUnix
  }

  /// Runs until the loop drains or stops.
  func run() async {
    socket.enter(.listening)
    var setback = Setback("cannot accept connections", log: service.log)
    while !socket.loop.isDraining, await socket.wait(.reading, until: .max) == .ready {
      do {
        var count = 0
        var name = SocketAddress()
        while let descriptor = try socket.accept(&name) {
          let isFull = self.isFull
          if isFull, await !hasRoom() { close(descriptor) } else { take(descriptor, from: name) }
          count += 1
          setback.worked()
          // When they take each other's places, each has the chance to say who it is before the next one comes.
          if isFull || count.isMultiple(of: Acceptor.mostAtOnce) { await Task.yield() }
        }
      } catch let failure as SystemFailure {
        guard Acceptor.shortages.contains(failure.code) else { continue }
        _ = setback.failed(failure)
        await recover()
      } catch {}
    }
    socket.close()
  }

  /// Waits while the process has no descriptors left.
  private func recover() async {
    let pause = if case .close = socket.loop.makeRoom() { Acceptor.shortPause } else { Acceptor.pause }
    _ = await socket.wait(.nothing, until: socket.loop.now + pause)
  }

  private var isFull: Bool { socket.loop.connections >= service.mostConnections }

  /// Closes another connection for a new one, in a moment if need be; false when all are at work for somebody.
  private func hasRoom() async -> Bool {
    while isFull {
      switch socket.loop.makeRoom() {
      case .close: return true
      case .none: return false
      case .later(let time):
        guard await socket.wait(.nothing, until: time) == .timedOut else { return false }
      }
    }
    return true
  }

  private func take(_ descriptor: Int32, from name: SocketAddress) {
    let loop = socket.loop
    guard let peer = peer(of: descriptor, name),
      let accepted = try? Socket(descriptor, on: loop)
    else {
      close(descriptor)
      return
    }
    Connection(accepted, service, peer).begin()
  }

  private func peer(of descriptor: Int32, _ name: SocketAddress) -> Peer? {
    if isUnix {
      var user: UInt32 = 0
      return csystem_peer_user(descriptor, &user) == 0 ? .unix(user: user) : nil
    }
    guard let address = name.numeric?.address else { return nil }
    let isMapped = address.hasPrefix("::ffff:") && address.contains(".")
    return .address(isMapped ? String(address.dropFirst(7)) : address)
  }
}
