import Basics
import Glibc
import XCTest

/// A port of this machine that nobody has a reason to call.
final class CanaryServer {
  private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  private(set) var port: UInt16 = 0

  init() throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw SystemFailure("bind", "127.0.0.1") }
    port = UInt16(bigEndian: address.sin_port)
  }

  /// How many have since it was asked last.
  var calls: Int {
    var count = 0
    while case let caller = accept(descriptor, nil, nil), caller >= 0 {
      close(caller)
      count += 1
    }
    return count
  }

  /// True when somebody has.
  var wasCalled: Bool { calls > 0 }

  deinit { close(descriptor) }
}

extension TestFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT, 0o644)
    defer { close(file) }
    XCTAssertEqual(Glibc.write(file, bytes, bytes.count), bytes.count)
  }
}
