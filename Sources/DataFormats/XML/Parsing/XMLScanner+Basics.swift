extension XMLScanner {
  /// Passes white space, and says whether there was some.
  @discardableResult
  mutating func skipBlanks() throws -> Bool {
    var found = false
    while let byte = try input.peek(), XMLCharacters.isBlank(byte) {
      found = true
      input.at += 1
    }
    return found
  }

  /// Passes white space that must be there.
  mutating func requireBlank(_ place: String, _ name: Int? = nil) throws {
    guard try skipBlanks() else { throw input.fault("a blank is expected \(shown(place, name))") }
  }

  mutating func require(_ byte: UInt8, _ place: String, _ name: Int? = nil) throws {
    guard try input.peek() == byte else {
      throw input.fault("'\(Character(UnicodeScalar(byte)))' is expected \(shown(place, name)), not \(try shownNext())")
    }
    input.at += 1
  }

  /// Passes `word` when it stands next.
  mutating func take(_ word: StaticString) throws -> Bool {
    let count = word.utf8CodeUnitCount
    try input.want(count)
    guard input.end - input.at >= count else { return false }
    for index in 0..<count where input.memory[input.at + index] != word.utf8Start[index] { return false }
    input.at += count
    return true
  }

  mutating func require(_ word: StaticString, _ place: String, _ name: Int? = nil) throws {
    guard try take(word) else {
      throw input.fault("'\(word)' is expected \(shown(place, name)), not \(try shownNext())")
    }
  }

  /// A place for a message, with the name that it is about.
  private func shown(_ place: String, _ name: Int?) -> String { name.map { "\(place) \(names.texts[$0])" } ?? place }

  /// What stands next, for a message.
  mutating func shownNext() throws -> String {
    guard try input.peek() != nil else { return "the end of the document" }
    return XMLCharacters.shown(nextScalar(at: input.at).scalar)
  }

  /// The character that begins at a byte of the window, with its length; the window never ends within one.
  func nextScalar(at index: Int) -> (scalar: UInt32, length: Int) {
    let lead = UInt32(input.memory[index])
    guard lead >= 0xC0 else { return (lead, 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var scalar = lead & (0x7F >> UInt32(length))
    for offset in 1..<length { scalar = scalar << 6 | UInt32(input.memory[index + offset] & 0x3F) }
    return (scalar, length)
  }

  /// Takes a name and gives its number (production [5]).
  mutating func scanName(_ place: String, _ name: Int? = nil) throws -> Int {
    let length = try nameLength()
    guard length > 0 else {
      throw input.fault("a name is expected \(shown(place, name)), not \(try shownNext())")
    }
    let name = UnsafeBufferPointer(start: input.memory + input.at, count: length)
    if let known = names.find(name) {
      input.at += length
      return known
    }
    try checkName(length, isToken: false)
    guard names.count < limits.names, names.byteCount + length <= limits.nameBytes else {
      throw input.fault(
        .tooLarge, "there are more than \(limits.names) different names, or \(limits.nameBytes) bytes of them")
    }
    lastUse.append(0)
    input.at += length
    return names.add(name)
  }

  /// Takes a name and gives it.
  mutating func scanNameText(_ place: String) throws -> String {
    let number = try scanName(place)
    return names.texts[number]
  }

  /// Takes a name token, which may begin as names only go on (production [7]).
  mutating func skipToken(_ place: String, _ name: Int? = nil) throws {
    let length = try nameLength()
    guard length > 0 else {
      throw input.fault("a name token is expected \(shown(place, name)), not \(try shownNext())")
    }
    try checkName(length, isToken: true)
    input.at += length
  }

  /// How many of the next bytes a name may hold; they lie in the window.
  private mutating func nameLength() throws -> Int {
    try input.want(limits.nameLength + 1)
    let (memory, table, end) = (input.memory, input.nameBytes, input.end)
    var at = input.at
    while at < end, table[Int(memory[at])] { at += 1 }
    guard at - input.at <= limits.nameLength else {
      throw input.fault(.tooLarge, "a name is longer than \(limits.nameLength) bytes")
    }
    return at - input.at
  }

  private func checkName(_ length: Int, isToken: Bool) throws {
    var at = input.at
    let end = input.at + length
    while at < end {
      let (scalar, length) = nextScalar(at: at)
      let isFirst = at == input.at && !isToken
      guard isFirst ? XMLCharacters.isNameStart(scalar) : XMLCharacters.isName(scalar) else {
        let problem = "\(XMLCharacters.shown(scalar)) may not \(isFirst ? "begin" : "stand in") a name"
        throw DataFault(.malformed, problem, at: input.place(of: at))
      }
      at += length
    }
  }
}
