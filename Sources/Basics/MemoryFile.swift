import CSystem
import Glibc

/// A file without a name that lives in memory until its descriptor is closed.
package enum MemoryFile {
  /// Makes one of these bytes, readable and writable; the caller closes the descriptor.
  ///
  /// Throws `SystemFailure`.
  package static func make(_ bytes: [UInt8]) throws(SystemFailure) -> Int32 {
    let descriptor = try check("memfd_create") { csystem_memory_file() }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      guard count > 0 else {
        let failure = SystemFailure("write", "memory")
        close(descriptor)
        throw failure
      }
      written += count
    }
    return descriptor
  }
}
