import Basics
import Glibc
import Synchronization

/// An output that a node brings, while it comes.
package final class NodeOutput: Sendable {
  private let descriptor: Int32
  private let most: Int64
  private let written = Mutex<Int64>(0)

  /// Takes over the descriptor.
  init(descriptor: Int32, most: Int64) {
    self.descriptor = descriptor
    self.most = most
  }

  deinit { close(descriptor) }

  /// Goes to the page cache on the calling thread; throws a `Refusal` beyond what the order may make, or `SystemFailure`.
  package func write(_ bytes: [UInt8]) throws {
    let all = written.withLock { written in
      written += Int64(bytes.count)
      return written
    }
    guard all <= most else {
      throw Refusal.invalidFields.naming([.init("body", "has more bytes than the order may make")])
    }
    var done = 0
    while done < bytes.count {
      done += try check("write", "an output") {
        bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done) }
      }
    }
  }

  package func sync() throws { try check("fsync", "an output") { fsync(descriptor) } }
}
