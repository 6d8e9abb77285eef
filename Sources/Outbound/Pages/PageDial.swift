import Glibc

/// The addresses of one host, all judged, and the connections made to them, one after the other.
struct PageDial {
  /// Of a host with hundreds of addresses.
  private static let mostTries = 6

  private let port: UInt16
  private var rest: ArraySlice<String>

  /// Throws the trouble when there is no address, or when any may not be dialled: a name must not hide one behind others.
  init(_ found: [String], port: Int, judgedBy addresses: AddressGuard) throws(PageTrouble) {
    guard !found.isEmpty else { throw .unknownName }
    for address in found {
      if let objection = addresses.objection(to: address, port: port) { throw .refused(objection) }
    }
    guard let number = UInt16(exactly: port) else { throw .refused(.unreadable) }
    self.port = number
    rest = found.prefix(PageDial.mostTries)
  }

  /// A socket on its way to the next address that takes one; nil when none is left.
  mutating func next() -> Int32? {
    while let address = rest.popFirst() {
      if let descriptor = open(address) { return descriptor }
    }
    return nil
  }

  private func open(_ text: String) -> Int32? {
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if inet_pton(AF_INET, text, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      return start(AF_INET, &four)
    }
    guard inet_pton(AF_INET6, text, &six.sin6_addr) == 1 else { return nil }
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port.bigEndian
    return start(AF_INET6, &six)
  }

  private func start<Name>(_ family: Int32, _ name: inout Name) -> Int32? {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { return nil }
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    let code = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
    if code == 0 || errno == EINPROGRESS || errno == EINTR { return descriptor }
    close(descriptor)
    return nil
  }

  /// True when a socket that has become writable is connected, false when that has failed.
  static func hasConnected(_ descriptor: Int32) -> Bool {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code == 0
  }
}
