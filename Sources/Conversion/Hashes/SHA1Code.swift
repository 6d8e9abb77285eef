/// HMAC with SHA-1 (RFC 2104), which one-time codes are made with and nothing else is.
package enum SHA1Code {
  package static func make(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    let key = key + [UInt8](repeating: 0, count: SHA1.blockSize - key.count)
    return digest(key.map { $0 ^ 0x5C } + digest(key.map { $0 ^ 0x36 } + message))
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = BlockHasher<SHA1>()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }
}
