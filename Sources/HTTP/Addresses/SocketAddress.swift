import Basics
import CSystem
import Glibc

/// A socket address as the kernel takes it.
struct SocketAddress {
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  init() {}

  /// Throws `SystemFailure` when the address is not numeric or the path is too long.
  init(_ address: ListenAddress) throws {
    switch address {
    case .tcp(let text, let port):
      if !setIPv4(text, port) && !setIPv6(text, port) { throw SystemFailure("listen", "\(address)", code: EINVAL) }
    case .unix(let path):
      guard path.utf8.count <= ListenAddress.longestPath, !path.utf8.contains(0) else {
        throw SystemFailure("listen", "\(path) (a socket path may have 107 bytes)", code: ENAMETOOLONG)
      }
      fill(as: sockaddr_un.self) { name in
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
      }
    }
  }

  private mutating func setIPv4(_ text: String, _ port: UInt16) -> Bool {
    var number = in_addr()
    guard inet_pton(AF_INET, text, &number) == 1 else { return false }
    fill(as: sockaddr_in.self) { name in
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr = number
    }
    return true
  }

  private mutating func setIPv6(_ text: String, _ port: UInt16) -> Bool {
    var number = in6_addr()
    guard inet_pton(AF_INET6, text, &number) == 1 else { return false }
    fill(as: sockaddr_in6.self) { name in
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = port.bigEndian
      name.sin6_addr = number
    }
    return true
  }

  private mutating func fill<Name>(as type: Name.Type, _ body: (inout Name) -> Void) {
    length = socklen_t(MemoryLayout<Name>.size)
    withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: Name.self, capacity: 1) { body(&$0.pointee) }
    }
  }

  var family: Int32 { Int32(storage.ss_family) }

  /// The numeric address and port; nil for a unix socket.
  var numeric: (address: String, port: UInt16)? {
    var storage = storage
    var text = [CChar](repeating: 0, count: 64)
    let port: UInt16? = withUnsafeMutablePointer(to: &storage) { pointer in
      switch family {
      case AF_INET:
        pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { name in
          inet_ntop(AF_INET, &name.pointee.sin_addr, &text, 64)
          return UInt16(bigEndian: name.pointee.sin_port)
        }
      case AF_INET6:
        pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { name in
          inet_ntop(AF_INET6, &name.pointee.sin6_addr, &text, 64)
          return UInt16(bigEndian: name.pointee.sin6_port)
        }
      default: nil
      }
    }
    guard let port else { return nil }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (String(decoding: bytes, as: UTF8.self), port)
  }

  /// Calls `body` with the address as the socket calls want it.
  func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
