/// HMAC-SHA256 (RFC 2104) with the padded key folded in once, so that many messages under one key are cheap.
package struct HMAC: Sendable {
  private let inner: SHA256
  private let outer: SHA256

  package init(key: [UInt8]) {
    var block = key.count > SHA256.blockSize ? SHA256.digest(key) : key
    block += [UInt8](repeating: 0, count: SHA256.blockSize - block.count)
    for index in block.indices { block[index] ^= 0x36 }
    var inner = SHA256()
    inner.update(block)
    for index in block.indices { block[index] ^= 0x36 ^ 0x5C }
    var outer = SHA256()
    outer.update(block)
    self.inner = inner
    self.outer = outer
  }

  /// The 32 bytes that authenticate the pieces, taken one after the other.
  package func code(for pieces: [UInt8]...) -> [UInt8] {
    var message = inner
    for piece in pieces { message.update(piece) }
    var result = outer
    result.update(message.finish())
    return result.finish()
  }
}

/// Compares secrets in a time that depends on their length only.
package func isSameSecret(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for (a, b) in zip(left, right) { difference |= a ^ b }
  return difference == 0
}

package func isSameSecret(_ left: String.UTF8View, _ right: String.UTF8View) -> Bool {
  isSameSecret(Array(left), Array(right))
}
