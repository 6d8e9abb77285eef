/// A character as the standard fonts have it: a code, and the font where it must be one of signs.
struct Glyph {
  let code: UInt8
  /// Nil where any font of letters has it, in WinAnsiEncoding.
  let font: BaseFont?

  /// A code that shows nothing and at which a line may end.
  static let breakMark: UInt8 = 1
  static let tab: UInt8 = 9
  static let lineEnd: UInt8 = 10
  static let space: UInt8 = 32

  /// What is shown for a character: nothing at all for one without a look, nil where no font has it.
  static func all(for scalar: Unicode.Scalar) -> [Glyph]? {
    switch scalar.value {
    case 9, 10, 0x20..<0x7F, 0xA0..<0xAD, 0xAE...0xFF: return [Glyph(code: UInt8(scalar.value), font: nil)]
    case 0..<0x20, 0x7F..<0xA0, 0xAD: return []
    default: break
    }
    if let found = table[scalar] { return [found] }
    if let other = substitutes.first(where: { $0.scalars.contains(scalar) }) {
      return other.text.map { Glyph(code: $0, font: nil) }
    }
    return nil
  }

  /// The letter that a letter and a mark behind it make together (as canonical equivalence has it); nil where it is none of
  /// WinAnsiEncoding.
  static func composed(_ letter: UInt8, _ mark: Unicode.Scalar) -> UInt8? {
    var text = String(Unicode.Scalar(letter))
    text.unicodeScalars.append(mark)
    // Behind a tab or the end of a line a mark makes no character with it, so these are texts.
    return letters.first { $0.text == text }?.code
  }

  private static let letters: [(text: String, code: UInt8)] =
    "ŠŽšžŸ".unicodeScalars.compactMap { scalar in
      table[scalar].map { (String(scalar), $0.code) }
    } + (0xC0...0xFF).map { (String(Unicode.Scalar($0)), $0) }

  /// What stands at 80 in WinAnsiEncoding (PDF 32000-1, annex D.2), and in the fonts of signs from 20 on, at `-` nothing that
  /// is not in WinAnsiEncoding too.
  private static let upper = "€-‚ƒ„…†‡ˆ‰Š‹Œ-Ž--‘’“”•–—˜™š›œ-žŸ"
  private static let symbol = """
    --∀-∃--∋--∗--−------------------≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ-∴-⊥-\
    -αβχδεφγηιϕκλμνοπθρστυϖωξψζ---∼---------------------------------\
    -ϒ′≤⁄∞-♣♦♥♠↔←↑→↓--″≥-∝∂--≠≡≈---↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇---∏√⋅-∧∨⇔⇐⇑⇒⇓\
    ◊⟨---∑-----------⟩∫⌠-⌡----------
    """
  private static let dingbats = """
    -✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✓✔✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿\
    ❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞-❨❩❪❫❬❭❮❯❰❱❲❳❴❵------------------\
    -❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞➟\
    ➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯-➱➲➳➴➵➶➷➸➹➺➻➼➽➾-
    """

  private static let table: [Unicode.Scalar: Glyph] = {
    var table: [Unicode.Scalar: Glyph] = [:]
    for (text, first, font) in [(upper, 0x80, nil), (symbol, 0x20, BaseFont.symbol), (dingbats, 0x20, .dingbats)] {
      for (place, scalar) in text.unicodeScalars.enumerated() where scalar != "-" && table[scalar] == nil {
        table[scalar] = Glyph(code: UInt8(first + place), font: font)
      }
    }
    return table
  }()

  /// Characters that look like others or like nothing.
  private static let substitutes: [(scalars: ClosedRange<Unicode.Scalar>, text: [UInt8])] = [
    ("\u{2000}"..."\u{200A}", [space]), ("\u{200B}"..."\u{200B}", [breakMark]), ("\u{200C}"..."\u{200F}", []),
    ("\u{2010}"..."\u{2011}", [0x2D]), ("\u{2012}"..."\u{2012}", [0x96]), ("\u{2015}"..."\u{2015}", [0x97]),
    ("\u{2028}"..."\u{2029}", [lineEnd]), ("\u{202F}"..."\u{202F}", [0xA0]), ("\u{205F}"..."\u{205F}", [space]),
    ("\u{2060}"..."\u{2060}", []), ("\u{FB00}"..."\u{FB00}", Array("ff".utf8)),
    ("\u{FB01}"..."\u{FB01}", Array("fi".utf8)), ("\u{FB02}"..."\u{FB02}", Array("fl".utf8)),
    ("\u{FB03}"..."\u{FB03}", Array("ffi".utf8)), ("\u{FB04}"..."\u{FB04}", Array("ffl".utf8)),
    ("\u{FE00}"..."\u{FE0F}", []), ("\u{FEFF}"..."\u{FEFF}", []),
  ]
}
