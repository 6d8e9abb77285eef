import Basics
import CSystem
import Glibc

/// Opens listening sockets: one for each loop on TCP, one on a unix path.
enum Listener {
  private static let backlog: Int32 = 4096
  /// A client whose machine has vanished acknowledges nothing: after so long the kernel ends the connection.
  static let silenceSeconds: Int32 = 20

  /// The sockets and the address that they have, with the port the kernel chose.
  static func open(_ address: ListenAddress, count: Int) throws -> (descriptors: [Int32], bound: ListenAddress) {
    switch address {
    case .tcp(let text, _):
      // Sockets that share a port would also share it with a second server: a bind without sharing finds that one.
      let probe = try bind(address, isShared: false)
      let port = try Listener.port(of: probe)
      let bound = ListenAddress.tcp(address: text, port: port)
      if count == 1 { return ([probe], bound) }
      close(probe)
      var descriptors: [Int32] = []
      do {
        for _ in 0..<count { descriptors.append(try bind(bound, isShared: true)) }
      } catch {
        for descriptor in descriptors { close(descriptor) }
        throw error
      }
      return (descriptors, bound)
    case .unix(let path):
      return ([try bindUnix(path)], address)
    }
  }

  private static func bind(_ address: ListenAddress, isShared: Bool) throws -> Int32 {
    let name = try SocketAddress(address)
    return try opened(name.family) { descriptor in
      try set(descriptor, SOL_SOCKET, SO_REUSEADDR)
      if isShared { try set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
      // Accepted sockets inherit these, which saves calls for each.
      let tcp = Int32(IPPROTO_TCP)
      try set(descriptor, tcp, TCP_NODELAY)
      try set(descriptor, SOL_SOCKET, SO_KEEPALIVE)
      try set(descriptor, tcp, TCP_KEEPIDLE, silenceSeconds)
      try set(descriptor, tcp, TCP_KEEPINTVL, 5)
      try set(descriptor, tcp, TCP_USER_TIMEOUT, 1000 * silenceSeconds)
      try check("bind", "\(address)") { name.withPointer { Glibc.bind(descriptor, $0, $1) } }
    }
  }

  private static func bindUnix(_ path: String) throws -> Int32 {
    let name = try SocketAddress(.unix(path: path))
    // A socket file that nobody answers is left over from a crash; one that answers belongs to a running server.
    let probe = try check("socket", path) { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }
    defer { close(probe) }
    if name.withPointer({ connect(probe, $0, $1) }) == 0 { throw SystemFailure("listen", path, code: EADDRINUSE) }
    if errno == ECONNREFUSED { unlink(path) }
    return try opened(AF_UNIX) { descriptor in
      // On Linux the file gets the mode that the socket has before it is bound: there is no moment with a wider one.
      try check("fchmod", path) { fchmod(descriptor, 0o600) }
      try check("bind", path) { name.withPointer { Glibc.bind(descriptor, $0, $1) } }
    }
  }

  private static func opened(_ family: Int32, _ prepare: (Int32) throws -> Void) throws -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = try check("socket") { socket(family, kind, 0) }
    do {
      try prepare(descriptor)
      try check("listen") { listen(descriptor, backlog) }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32 = 1) throws {
    var value = value
    try check("setsockopt") { setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) }
  }

  private static func port(of descriptor: Int32) throws -> UInt16 {
    var name = SocketAddress()
    try check("getsockname") {
      withUnsafeMutablePointer(to: &name.storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &name.length) }
      }
    }
    return name.numeric?.port ?? 0
  }
}
