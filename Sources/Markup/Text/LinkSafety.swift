/// Which addresses may be kept in links of documents of unknown origin.
enum LinkSafety {
  private static let dangerous: [StaticString] = ["javascript:", "vbscript:", "file:", "data:"]
  private static let pictures: [StaticString] = [
    "data:image/png", "data:image/gif", "data:image/jpeg", "data:image/webp", "data:image/avif",
  ]

  /// Whether an address leads nowhere where a script would run or a local file be read.
  ///
  /// Browsers ignore white space and control characters before the scheme, and line ends and tabs in it, so these are
  /// not seen here either.
  static func isSafe(_ address: some Sequence<UInt8>) -> Bool {
    let scheme = seen(address)
    return scheme.withUnsafeBufferPointer { bytes in
      let view = ByteView(bytes)
      guard dangerous.contains(where: { view.matches($0, at: 0) }) else { return true }
      return pictures.contains { picture in
        let end = view[picture.utf8CodeUnitCount]
        return view.matches(picture, at: 0) && (end == UInt8(ascii: ";") || end == UInt8(ascii: ","))
      }
    }
  }

  private static func seen(_ address: some Sequence<UInt8>) -> [UInt8] {
    var seen: [UInt8] = []
    for byte in address {
      if seen.isEmpty ? byte <= 0x20 : byte == 0x09 || byte == 0x0A || byte == 0x0D { continue }
      seen.append(byte)
      if seen.count == 24 { break }
    }
    return seen
  }
}
