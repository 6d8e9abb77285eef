import Basics
import Foundation
import Glibc
import TestSupport

/// A datagram socket that stands for systemd's and keeps what services say, message by message.
final class NotifySocket {
  let path: String
  private let descriptor: Int32

  init(in directory: String) throws {
    path = directory + "/notify"
    descriptor = try BoundSocket.make(at: path, SOCK_DGRAM)
  }

  deinit {
    close(descriptor)
  }

  /// The next message, or nil when none comes in `milliseconds`.
  func next(within milliseconds: Int32 = 20_000) -> String? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) == 1 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// The next message that begins so; others are passed over.
  func next(beginning prefix: String) -> String? {
    while let message = next() { if message.hasPrefix(prefix) { return message } }
    return nil
  }
}
