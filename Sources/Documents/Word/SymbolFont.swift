/// Characters of fonts of symbols, whose codes are the font's own.
enum SymbolFont {
  /// The letters of the font Symbol from 0x41 and 0x61 on.
  private static let capitals: StaticString = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
  private static let smalls: StaticString = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"

  private static let symbols: [UInt32: StaticString] = [
    0x22: "∀", 0x24: "∃", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xCC: "⊂",
    0xCD: "⊆", 0xCE: "∈", 0xCF: "∉", 0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅",
    0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
  ]
  private static let wingdings: [UInt32: StaticString] = [
    0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆",
    0x76: "❖", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔",
    0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
  ]

  /// What a code in hexadecimal digits stands for; empty where nobody can say.
  static func text(of code: String, font: String) -> String {
    guard let code = UInt32(code, radix: 16), let scalar = Unicode.Scalar(code) else { return "" }
    // Symbols lie in the private area, at their codes in the font (ISO/IEC 29500-1, 17.3.3.30).
    let own = code >= 0xF000 && code <= 0xF0FF ? code - 0xF000 : code
    switch font.lowercased() {
    case "symbol":
      if let letter = letter(capitals, own, 0x41) ?? letter(smalls, own, 0x61) { return letter }
      if let known = symbols[own] { return "\(known)" }
    case "wingdings": if let known = wingdings[own] { return "\(known)" }
    default: break
    }
    if (0x20..<0x7F).contains(own) || !(0xE000...0xF8FF).contains(code) && own >= 0xA0 {
      return String(Unicode.Scalar(own) ?? scalar)
    }
    return ""
  }

  private static func letter(_ letters: StaticString, _ code: UInt32, _ first: UInt32) -> String? {
    guard code >= first, code < first + 26 else { return nil }
    return String("\(letters)".dropFirst(Int(code - first)).prefix(1))
  }
}
