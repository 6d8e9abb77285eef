/// Text as codes of fonts, in pieces of one look each; code 10 ends a line, and 1 marks a place where one may end.
struct StyledText {
  struct Piece {
    /// Where it begins in the codes; it ends where the next one begins.
    let start: Int
    let style: TextStyle
  }

  private(set) var codes: [UInt8] = []
  private(set) var pieces: [Piece] = []
  private(set) var targets: [LinkTarget] = []

  var isEmpty: Bool { codes.isEmpty }

  mutating func removeAll() {
    codes.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    targets.removeAll()
  }

  /// Adds text; throws the first character that no font has.
  mutating func append(_ text: some Sequence<Unicode.Scalar>, _ style: TextStyle) throws(MissingCharacter) {
    for scalar in text { try append(scalar, style) }
  }

  mutating func append(_ scalar: Unicode.Scalar, _ style: TextStyle) throws(MissingCharacter) {
    if (0x20..<0x7F).contains(scalar.value) { return append(code: UInt8(scalar.value), style) }
    if (0x300..<0x370).contains(scalar.value), let last = codes.last, pieces.last?.style.font.isOfSigns == false,
      let code = Glyph.composed(last, scalar)
    {
      codes[codes.count - 1] = code
      return
    }
    guard let glyphs = Glyph.all(for: scalar) else { throw MissingCharacter(scalar: scalar) }
    for glyph in glyphs {
      var style = style
      if let font = glyph.font { style.font = font }
      append(code: glyph.code, style)
    }
  }

  @inline(__always)
  mutating func append(code: UInt8, _ style: TextStyle) {
    if pieces.last?.style != style { pieces.append(Piece(start: codes.count, style: style)) }
    codes.append(code)
  }

  /// The same text in another size.
  func scaled(_ factor: Double) -> StyledText {
    guard factor != 1 else { return self }
    var scaled = self
    scaled.pieces = pieces.map { piece in
      var style = piece.style
      style.size *= factor
      return Piece(start: piece.start, style: style)
    }
    return scaled
  }

  /// Adds printable ASCII, which needs no look at each character.
  mutating func append(ascii: UnsafeBufferPointer<UInt8>, _ style: TextStyle) {
    guard !ascii.isEmpty else { return }
    if pieces.last?.style != style { pieces.append(Piece(start: codes.count, style: style)) }
    codes.append(contentsOf: ascii)
  }

  /// The place of a target for `TextStyle.link`.
  mutating func add(_ target: LinkTarget) -> Int {
    targets.append(target)
    return targets.count - 1
  }

  /// Some of its codes without the spaces around them.
  func part(_ range: Range<Int>) -> StyledText {
    var (start, end) = (min(range.lowerBound, codes.count), min(range.upperBound, codes.count))
    while start < end, codes[start] == Glyph.space { start += 1 }
    while start < end, codes[end - 1] == Glyph.space { end -= 1 }
    return cut(start..<end)
  }

  /// Takes the first codes away.
  mutating func removeFirst(_ count: Int) { self = cut(count..<codes.count) }

  private func cut(_ range: Range<Int>) -> StyledText {
    var part = StyledText()
    part.targets = targets
    part.codes = Array(codes[range])
    part.pieces = pieces.indices.compactMap { index in
      let end = index + 1 < pieces.count ? pieces[index + 1].start : codes.count
      guard end > range.lowerBound, pieces[index].start < range.upperBound else { return nil }
      return Piece(start: max(0, pieces[index].start - range.lowerBound), style: pieces[index].style)
    }
    return part
  }

  /// Takes the spaces at its end away.
  mutating func trim() {
    while codes.last == Glyph.space {
      codes.removeLast()
      if pieces.last?.start == codes.count { pieces.removeLast() }
    }
  }
}
