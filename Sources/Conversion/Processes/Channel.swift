import Basics
import CSystem
import Formats
import Glibc

/// One end of a socket pair that keeps messages apart; it closes its descriptor with the last reference.
final class Channel: Sendable {
  /// No message is longer; a longer one from the other side counts as none at all.
  static let longestMessage = 8192
  /// A job may come with the names of 200 files; below what a socket of this kind takes in one piece.
  static let longestRequest = 128 << 10

  let descriptor: Int32

  /// Takes over the descriptor.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  static func pair() throws(SystemFailure) -> (Channel, Channel) {
    var ends: [Int32] = [-1, -1]
    try check("socketpair") {
      socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    }
    return (Channel(ends[0]), Channel(ends[1]))
  }

  func send(_ message: JSONValue, descriptors: [Int32] = []) throws(SystemFailure) {
    let bytes = Array(message.text.utf8)
    try check("sendmsg") {
      csystem_send_descriptors(descriptor, bytes, bytes.count, descriptors, descriptors.count)
    }
  }

  /// Waits for a message from a side that may be hostile; descriptors in it are thrown away by the kernel.
  func receive() throws(SystemFailure) -> Message {
    try receive(longest: Channel.longestMessage) { (bytes) throws(SystemFailure) in
      // MSG_TRUNC tells the full length of a message that did not fit.
      try check("recv") { recv(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_TRUNC)) }
    }
  }

  /// Waits for a message that may carry descriptors, which become the caller's; one with more than `most` is a failure.
  func receiveWithDescriptors(
    atMost most: Int, longest: Int = Channel.longestMessage
  ) throws(SystemFailure) -> (message: Message, descriptors: [Int32]) {
    var descriptors = [Int32](repeating: -1, count: most)
    var descriptorCount = 0
    let message = try receive(longest: longest) { (bytes) throws(SystemFailure) in
      try check("recvmsg") {
        csystem_receive_descriptors(
          descriptor, bytes.baseAddress, bytes.count, &descriptors, most, &descriptorCount)
      }
    }
    return (message, Array(descriptors.prefix(descriptorCount)))
  }

  enum Message {
    case document(JSONValue)
    case garbage
    case end
  }

  /// Reads what `take` puts into memory that nobody has written to, for few messages are as long as they may be.
  private func receive(
    longest: Int, _ take: (UnsafeMutableRawBufferPointer) throws(SystemFailure) -> Int
  ) throws(SystemFailure) -> Message {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: longest, alignment: 1)
    defer { bytes.deallocate() }
    let count = try take(bytes)
    if count == 0 { return .end }
    guard count <= longest, let document = try? JSONReader.parse(bytes[..<count]) else { return .garbage }
    return .document(document)
  }

  /// Waits until one of the channels has a message or its other end is closed; all of them false when the time is over.
  static func wait(for channels: [Channel], milliseconds: Int32) throws(SystemFailure) -> [Bool] {
    var entries = channels.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    // An interrupted wait may start over: callers look at the clock themselves and wait briefly.
    try check("poll") { poll(&entries, nfds_t(entries.count), milliseconds) }
    return entries.map { $0.revents != 0 }
  }
}
