import CSystem
import Glibc

/// A connection to a unix socket.
package enum UnixSocket {
  /// The connected descriptor, or nil when nobody listens there.
  package static func connect(_ path: String) throws -> Int32? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemFailure("connect", path, code: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = try check("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        Glibc.connect(descriptor, target, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if code == 0 { return descriptor }
    let reason = errno
    close(descriptor)
    if reason == ENOENT || reason == ECONNREFUSED || reason == ENOTDIR { return nil }
    throw SystemFailure("connect", path, code: reason)
  }

  /// The number of the process that listens on a socket, or nil when nobody does.
  package static func process(listeningOn path: String) throws -> Int32? {
    // Nobody can have bound a path that is too long.
    guard path.utf8.count < MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size,
      let descriptor = try connect(path)
    else { return nil }
    defer { close(descriptor) }
    return try check("getsockopt", path) { csystem_peer_process(descriptor) }
  }
}
