import Basics
import Glibc

/// A port on 127.0.0.1 whose queue of connections is full and that nobody accepts from.
package final class FullBacklog {
  package let port: UInt16
  private var sockets: [Int32] = []

  package init() throws {
    let listener = try check("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    sockets.append(listener)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    var made: [Int32] = []
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        try check("bind") { bind(listener, target, size) }
        try check("listen") { listen(listener, 0) }
        try check("getsockname") { getsockname(listener, target, &size) }
        for _ in 0..<8 {
          let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | O_CLOEXEC
          let socket = try check("socket") { Glibc.socket(AF_INET, flags, 0) }
          made.append(socket)
          _ = connect(socket, target, size)
        }
      }
    }
    sockets += made
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    for socket in sockets { close(socket) }
  }
}
