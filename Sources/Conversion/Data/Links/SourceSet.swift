/// The pictures among which a browser chooses by their sizes (HTML Standard, section 4.8.4.2.1).
enum SourceSet {
  /// The addresses in the value of a `srcset`, in their order.
  static func addresses(_ value: String) -> [String] {
    var rest = Array(value.utf8)[...]
    var found: [String] = []
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let comma = UInt8(ascii: ",")
    while true {
      rest = rest.drop { isBlank($0) || $0 == comma }
      if rest.isEmpty { return found }
      var address = rest.prefix { !isBlank($0) }
      rest = rest[address.endIndex...]
      let isLone = address.last == comma
      while address.last == comma { address.removeLast() }
      found.append(String(decoding: address, as: UTF8.self))
      // A comma in brackets does not end what is said of the size.
      var depth = 0
      while !isLone, let byte = rest.popFirst(), byte != comma || depth > 0 {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth = max(0, depth - 1) }
      }
    }
  }
}
