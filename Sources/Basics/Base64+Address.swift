/// Base64 as it stands in addresses and tokens: without padding, and with "-" and "_" (RFC 4648 section 5).
extension Base64 {
  package static func encodeForAddress(_ bytes: [UInt8]) -> String {
    String(encode(bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
  }

  package static func decodeFromAddress(_ text: some StringProtocol) -> [UInt8]? {
    let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
  }
}
