package import Basics
import Formats
import Glibc

/// The sums of a file by which others can tell that theirs is the same.
package enum FileHashes {
  /// Every algorithm by name, in the order in which they are shown.
  package static let names = algorithms.map(\.name)

  private static let algorithms: [(name: String, make: @Sendable () -> any StreamHash)] = [
    ("md5", { BlockHasher<MD5>() }), ("sha1", { BlockHasher<SHA1>() }), ("sha256", { SHA256() }),
    ("sha512", { BlockHasher<SHA512>() }), ("crc32", { CRC32() }),
  ]

  /// The sums of an open file, which is read once, as lower-case hexadecimal.
  package static func compute(
    _ names: [String] = names, ofFile descriptor: Int32, named name: String
  ) throws(SystemFailure) -> [(name: String, sum: String)] {
    var hashes = algorithms.filter { names.contains($0.name) }.map { (name: $0.name, hash: $0.make()) }
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    var offset: off_t = 0
    while true {
      let count = try check("pread", name) { pread(descriptor, &bytes, bytes.count, offset) }
      if count == 0 { break }
      bytes.withUnsafeBytes { all in
        let piece = UnsafeRawBufferPointer(rebasing: all[..<count])
        for index in hashes.indices { hashes[index].hash.update(piece) }
      }
      offset += off_t(count)
    }
    return hashes.map { entry in
      var hash = entry.hash
      return (entry.name, Hexadecimal.encode(hash.finish()))
    }
  }
}
