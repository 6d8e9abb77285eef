import Basics
import Glibc

/// The SHA-256 of a file by its path.
enum FileHash {
  static func sha256(_ path: String) throws(SystemFailure) -> [UInt8] {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    return try SHA256.digest(ofFile: descriptor, named: path)
  }
}
