import Basics
package import Glibc

/// A unix socket with a name in the file system.
package enum BoundSocket {
  /// The descriptor of a socket of this kind that is bound to the path, which the caller closes; throws `SystemFailure`.
  package static func make(at path: String, _ kind: __socket_type = SOCK_STREAM) throws -> Int32 {
    let descriptor = try check("socket") { socket(AF_UNIX, Int32(kind.rawValue) | O_CLOEXEC, 0) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    try check("bind", path) {
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    }
    return descriptor
  }
}
