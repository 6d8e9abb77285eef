import Basics

/// The SHA-256 that a store says a file has; what says something else, such as one of parts, counts for nothing.
struct CloudSum {
  private let said: [UInt8]?

  /// `field` is an X-Amz-Checksum-Sha256.
  init(_ field: [UInt8]?) {
    said = field.flatMap { Base64.decode(String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }) }
  }

  /// False when the store has other bytes than those with this hash.
  func allows(_ hash: [UInt8]) -> Bool { said == nil || said?.count != hash.count || said == hash }
}
