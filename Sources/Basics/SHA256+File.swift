import Glibc

extension SHA256 {
  /// The digest of an open file from its beginning; the descriptor's offset stays where it is.
  package static func digest(ofFile descriptor: Int32, named name: String) throws(SystemFailure) -> [UInt8] {
    var hash = SHA256()
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    var offset: off_t = 0
    while true {
      let count = try check("pread", name) { pread(descriptor, &bytes, bytes.count, offset) }
      if count == 0 { return hash.finish() }
      bytes.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += off_t(count)
    }
  }
}
