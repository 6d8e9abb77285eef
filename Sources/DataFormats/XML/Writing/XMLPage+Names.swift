extension XMLPage {
  /// Names to which prefixes and the default may not be bound (Namespaces in XML 1.0, 3).
  private static let reservedNames: Set<String> = [
    "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/",
  ]

  /// The nearest name that can be written: a colon only behind a prefix that is declared here.
  func writtenName(_ name: [UInt8]) -> String {
    let isPlain = name.withUnsafeBytes { XMLSafeNames.isPlain($0) }
    let text = String(decoding: name, as: UTF8.self)
    return isPlain ? text : repaired(text)
  }

  private func repaired(_ name: String) -> String {
    if let (prefix, local) = Self.parts(name), scope[ExactName(prefix), default: 0] > 0 { return "\(prefix):\(local)" }
    return XMLSafeNames.repaired(name)
  }

  /// Prefix and local name where both need no repair.
  private static func parts(_ name: String) -> (prefix: String, local: String)? {
    guard let colon = name.utf8.firstIndex(of: 0x3A) else { return nil }
    let (prefix, local) = (String(name[..<colon]), String(name[name.utf8.index(after: colon)...]))
    let isUsable = [prefix, local].allSatisfy { !$0.isEmpty && ExactName(XMLSafeNames.repaired($0)) == ExactName($0) }
    return isUsable ? (prefix, local) : nil
  }

  /// The prefix that an attribute declares, empty for the default; nil where it declares none.
  private static func declaredPrefix(_ name: String, _ value: [UInt8]) -> String? {
    guard name.utf8.starts(with: "xmlns".utf8), !reservedNames.contains(String(decoding: value, as: UTF8.self)) else {
      return nil
    }
    if name.utf8.count == 5 { return "" }
    guard let (prefix, local) = parts(name), prefix == "xmlns", local != "xml", local != "xmlns", !value.isEmpty else {
      return nil
    }
    return local
  }

  /// Takes the attributes that have not been written yet, as they stand in a tag; what they declare counts from here
  /// on.
  mutating func makeAttributes(_ frame: inout XMLFrame) throws -> [UInt8] {
    let attributes = frame.attributes
    if attributes.isEmpty { return [] }
    frame.attributes = []
    for (name, value) in attributes {
      guard let prefix = Self.declaredPrefix(name, value), !prefix.isEmpty else { continue }
      frame.prefixes.append(ExactName(prefix))
      scope[ExactName(prefix), default: 0] += 1
    }
    var result: [UInt8] = []
    for (name, value) in attributes {
      let isDeclaration = Self.declaredPrefix(name, value) != nil
      let isReserved = !isDeclaration && name == "xmlns"
      var written = isDeclaration ? name : isReserved ? "_xmlns" : repaired(name)
      // Names that fall together are told apart, but not for ever.
      var tries = 0
      while !frame.attributeNames.insert(ExactName(written)).inserted {
        tries += 1
        guard tries < 10 else {
          let element = String(decoding: frame.name, as: UTF8.self)
          throw DataFault(.unsupported, "too many attributes of \(element) would be called \(repaired(name))")
        }
        written += "_"
      }
      result.append(0x20)
      result.append(contentsOf: written.utf8)
      result += [0x3D, 0x22]
      try value.withUnsafeBytes { try Self.putEscaped($0, isAttribute: true, in: written, &result) }
      result.append(0x22)
    }
    return result
  }

  mutating func putText(_ text: UnsafeRawBufferPointer, in element: String) throws {
    try Self.putEscaped(text, isAttribute: false, in: element, &bytes)
  }

  /// Escapes what is markup, and white space where a reader would change it (XML 1.0, 2.11 and 3.3.3).
  private static func putEscaped(
    _ text: UnsafeRawBufferPointer, isAttribute: Bool, in name: String, _ result: inout [UInt8]
  ) throws {
    var start = 0
    for (index, byte) in text.enumerated() {
      let escape: StaticString
      switch byte {
      case 0x26: escape = "&amp;"
      case 0x3C: escape = "&lt;"
      case 0x3E: escape = "&gt;"
      case 0x0D: escape = "&#13;"
      case 0x22 where isAttribute: escape = "&quot;"
      case 0x09 where isAttribute: escape = "&#9;"
      case 0x0A where isAttribute: escape = "&#10;"
      case 0x09, 0x0A: continue
      case ..<0x20: throw unspeakable(UInt32(byte), in: name)
      case 0xEF where index + 2 < text.count && text[index + 1] == 0xBF && text[index + 2] >= 0xBE:
        throw unspeakable(0xFF40 + UInt32(text[index + 2]), in: name)
      default: continue
      }
      result.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
      result.append(contentsOf: UnsafeBufferPointer(start: escape.utf8Start, count: escape.utf8CodeUnitCount))
      start = index + 1
    }
    result.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
  }

  private static func unspeakable(_ scalar: UInt32, in name: String) -> DataFault {
    DataFault(.unsupported, "\(name) has the character \(XMLCharacters.shown(scalar)), which XML 1.0 cannot hold")
  }
}
