import Basics
import Glibc

/// The SHA-256 of a file, read in pieces.
enum FileHash {
  static func sha256(_ path: String) throws(SystemFailure) -> [UInt8] {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    var hash = SHA256()
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let count = try check("read", path) { read(descriptor, &bytes, bytes.count) }
      if count == 0 { return hash.finish() }
      bytes.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}
