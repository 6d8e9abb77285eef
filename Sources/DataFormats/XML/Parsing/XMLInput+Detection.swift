extension XMLInput {
  /// How far a declaration is looked for.
  private static let declarationLength = 1024

  /// Finds out the encoding by the first bytes and the declaration (XML 1.0, appendix F), and passes a byte order mark.
  mutating func open() throws {
    while feed.unread.count < 4, try feed.fetch() {}
    let first = Array(feed.unread.prefix(4))
    switch (first.first, first.dropFirst().first) {
    case (0xEF, 0xBB) where first.dropFirst(2).first == 0xBF: feed.advance(3)
    case (0xFE, 0xFF):
      encoding = .utf16(bigEndian: true)
      feed.advance(2)
    case (0xFF, 0xFE):
      guard first.dropFirst(2) != [0, 0] else { throw unsupported("UTF-32") }
      encoding = .utf16(bigEndian: false)
      feed.advance(2)
    case (0, 0x3C) where first == [0, 0x3C, 0, 0x3F]: encoding = .utf16(bigEndian: true)
    case (0x3C, 0) where first == [0x3C, 0, 0x3F, 0]: encoding = .utf16(bigEndian: false)
    case (0, 0), (0x3C, 0): throw unsupported("UTF-32")
    case (0x4C, 0x6F) where first == [0x4C, 0x6F, 0xA7, 0x94]: throw unsupported("EBCDIC")
    default:
      guard let name = try declaredName() else { return }
      if let named = XMLEncoding.narrow(named: name) {
        encoding = named
      } else if !XMLEncoding.utf16(bigEndian: true).isCalled(name), !XMLEncoding.utf16(bigEndian: false).isCalled(name)
      {
        throw unsupported(name)
      }
    }
  }

  private func unsupported(_ name: String) -> DataFault {
    DataFault(.unsupported, "the encoding \(name) is not read here; use UTF-8", at: (1, 1))
  }

  /// The encoding that a declaration in ASCII seems to name; whether it is well-formed is seen when it is read again.
  private func declaredName() throws -> String? {
    guard feed.unread.starts(with: Array("<?xml".utf8)) else { return nil }
    while feed.unread.count < Self.declarationLength, try feed.fetch() {}
    let head = feed.unread.prefix(Self.declarationLength)
    guard let stop = head.firstIndex(of: 0x3E) else { return nil }
    let declaration = Array(head[..<stop])
    let word = Array("encoding".utf8)
    guard let start = declaration.indices.first(where: { declaration[$0...].starts(with: word) }) else { return nil }
    var rest = declaration[(start + word.count)...].drop(while: XMLCharacters.isBlank)
    guard rest.popFirst() == 0x3D else { return nil }
    rest = rest.drop(while: XMLCharacters.isBlank)
    guard let quote = rest.popFirst(), quote == 0x22 || quote == 0x27 else { return nil }
    let name = rest.prefix { $0 != quote }
    return name.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? String(decoding: name, as: UTF8.self) : nil
  }

  /// Throws where the declaration names another encoding than the one the bytes are in.
  func confirm(_ name: String) throws {
    guard encoding.isCalled(name) else {
      throw fault("the declaration says \(name), but the document is in \(encoding.title)")
    }
  }
}
