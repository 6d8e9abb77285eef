import Basics

/// Undoes the Content-Transfer-Encoding of a part, which old mail-like clients still use (RFC 2045 section 6).
enum TransferDecoder {
  case base64(Base64Decoder)
  case quotedPrintable(pending: [UInt8])

  /// The decoder for an encoding; nil for those that leave the bytes as they are.
  static func named(_ name: String) throws(HTTPFailure) -> TransferDecoder? {
    switch name {
    case "7bit", "8bit", "binary": nil
    case "base64": .base64(Base64Decoder())
    case "quoted-printable": .quotedPrintable(pending: [])
    default: throw .badForm("the Content-Transfer-Encoding of a part is not known")
    }
  }

  mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> [UInt8] {
    switch self {
    case .base64(var decoder):
      let decoded = try decoder.decode(bytes)
      self = .base64(decoder)
      return decoded
    case .quotedPrintable(var pending):
      var decoded: [UInt8] = []
      for byte in bytes {
        if pending.isEmpty && byte != 0x3D {
          decoded.append(byte)
          continue
        }
        pending.append(byte)
        guard pending.count == 3 else { continue }
        if let high = Hexadecimal.value(of: pending[1]), let low = Hexadecimal.value(of: pending[2]) {
          decoded.append(high << 4 | low)
        } else if pending[1] != .carriageReturn || pending[2] != .lineFeed {
          throw .badForm("a quoted-printable part has a bad escape")
        }
        pending = []
      }
      self = .quotedPrintable(pending: pending)
      return decoded
    }
  }

  /// The part is over: throws when it ended within a group.
  func finish() throws(HTTPFailure) {
    switch self {
    case .base64(let decoder): try decoder.finish()
    case .quotedPrintable(let pending):
      guard pending.isEmpty else { throw .badForm("a quoted-printable part ends within an escape") }
    }
  }
}
