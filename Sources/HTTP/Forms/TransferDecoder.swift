/// Undoes the Content-Transfer-Encoding of a part, which old mail-like clients still use (RFC 2045 section 6).
enum TransferDecoder {
  case base64(Base64Decoder)
  case quotedPrintable(QuotedPrintableDecoder)

  /// The decoder for an encoding; nil for those that leave the bytes as they are.
  static func named(_ name: String) throws(HTTPFailure) -> TransferDecoder? {
    switch name {
    case "7bit", "8bit", "binary": nil
    case "base64": .base64(Base64Decoder())
    case "quoted-printable": .quotedPrintable(QuotedPrintableDecoder())
    default: throw .badForm("the Content-Transfer-Encoding of a part is not known")
    }
  }

  mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> [UInt8] {
    switch self {
    case .base64(var decoder):
      defer { self = .base64(decoder) }
      return try decoder.decode(bytes)
    case .quotedPrintable(var decoder):
      defer { self = .quotedPrintable(decoder) }
      return try decoder.decode(bytes)
    }
  }

  /// The part is over: throws when it ended within a group.
  func finish() throws(HTTPFailure) {
    switch self {
    case .base64(let decoder): try decoder.finish()
    case .quotedPrintable(let decoder): try decoder.finish()
    }
  }
}
