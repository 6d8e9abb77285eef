import CSystem
import Glibc

/// A connection to a unix socket.
package enum UnixSocket {
  /// The connected descriptor, or nil when nobody listens there.
  package static func connect(_ path: String) throws -> Int32? {
    let (descriptor, code) = try connected(path, SOCK_STREAM)
    if code == 0 { return descriptor }
    close(descriptor)
    if code == ENOENT || code == ECONNREFUSED || code == ENOTDIR { return nil }
    throw SystemFailure("connect", path, code: code)
  }

  /// True when a name is left of a socket that nobody has open, in whatever network; false where that cannot be told.
  ///
  /// Whoever has it open hears nothing of the question: a datagram socket is refused with another reason by a socket of another
  /// kind, listening or not (connect(2), EPROTOTYPE), and one of its own kind is not told.
  package static func isLeftBehind(_ path: String) -> Bool {
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK,
      let (descriptor, code) = try? connected(path, SOCK_DGRAM)
    else { return false }
    close(descriptor)
    return code == ECONNREFUSED
  }

  /// A socket, and why it is not connected to the path, or 0.
  private static func connected(_ path: String, _ kind: __socket_type) throws -> (descriptor: Int32, code: Int32) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemFailure("connect", path, code: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = try check("socket") { socket(AF_UNIX, Int32(kind.rawValue) | O_CLOEXEC, 0) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        Glibc.connect(descriptor, target, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return (descriptor, code == 0 ? 0 : errno)
  }

  /// The number of the process that listens on a socket, or nil when nobody does; 0 for one in another namespace.
  ///
  /// A worker that was half made when its server was killed has the socket open for a moment, and is nobody (unix(7),
  /// SO_PEERCRED: the process that called listen).
  package static func process(listeningOn path: String) throws -> Int32? {
    // Nobody can have bound a path that is too long.
    guard path.utf8.count < MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size,
      let descriptor = try connect(path)
    else { return nil }
    defer { close(descriptor) }
    let process = try check("getsockopt", path) { csystem_peer_process(descriptor) }
    return OtherProcess.exists(process) ? process : nil
  }
}
