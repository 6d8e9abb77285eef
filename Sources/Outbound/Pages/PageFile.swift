/// A file of a site of our own.
package struct PageFile: Sendable {
  package enum Content: Sendable {
    case bytes([UInt8])
    /// A part of an open file, which stays its owner's and must stay open until the visit has ended; it is read by `pread`.
    case part(descriptor: Int32, offset: Int64, length: Int64)
  }

  /// The value of the Content-Type field; a file with control characters in it is not there.
  package let mediaType: String
  package let content: Content

  package init(mediaType: String, content: Content) {
    self.mediaType = mediaType
    self.content = content
  }

  var isSound: Bool { mediaType.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

  var length: Int64 {
    switch content {
    case .bytes(let bytes): Int64(bytes.count)
    case .part(_, _, let length): max(0, length)
    }
  }
}
