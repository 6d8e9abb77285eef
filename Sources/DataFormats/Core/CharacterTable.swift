/// An encoding with one byte for each character, whose first 128 are those of ASCII.
package enum CharacterTable: String, CaseIterable, Sendable {
  case latin2 = "iso-8859-2"
  case latinCyrillic = "iso-8859-5"
  case latinGreek = "iso-8859-7"
  case latin9 = "iso-8859-15"
  case windows1250 = "windows-1250"
  case windows1251 = "windows-1251"
  case windows1253 = "windows-1253"
  case windows1254 = "windows-1254"
  case koi8R = "koi8-r"
  case koi8U = "koi8-u"

  /// By one of its names in any case; nil for one that is not known here.
  package init?(name: String) {
    let name = name.lowercased()
    guard let table = Self.allCases.first(where: { $0.names.contains(name) }) else { return nil }
    self = table
  }

  /// Its own name, and what else it is called (encoding.spec.whatwg.org, section 4.2, and in mail).
  var names: [String] { [rawValue] + others }

  private var others: [String] {
    switch self {
    case .latin2:
      ["csisolatin2", "iso-ir-101", "iso8859-2", "iso88592", "iso_8859-2", "iso_8859-2:1987", "l2", "latin2"]
    case .latinCyrillic:
      ["csisolatincyrillic", "cyrillic", "iso-ir-144", "iso8859-5", "iso88595", "iso_8859-5", "iso_8859-5:1988"]
    case .latinGreek:
      [
        "csisolatingreek", "ecma-118", "elot_928", "greek", "greek8", "iso-ir-126", "iso8859-7", "iso88597",
        "iso_8859-7", "iso_8859-7:1987", "sun_eu_greek",
      ]
    case .latin9: ["csisolatin9", "iso8859-15", "iso885915", "iso_8859-15", "l9", "latin9", "latin-9"]
    case .windows1250: ["cp1250", "x-cp1250"]
    case .windows1251: ["cp1251", "x-cp1251"]
    case .windows1253: ["cp1253", "x-cp1253"]
    // ISO 8859-9 has controls where Windows-1254 has characters, and nobody means these.
    case .windows1254:
      [
        "cp1254", "csisolatin5", "iso-8859-9", "iso-ir-148", "iso8859-9", "iso88599", "iso_8859-9", "iso_8859-9:1989",
        "l5", "latin5", "x-cp1254",
      ]
    case .koi8R: ["cskoi8r", "koi", "koi8", "koi8_r", "koi8r"]
    case .koi8U: ["koi8-ru", "koi8u"]
    }
  }

  /// What 0x80 to 0xFF stand for; U+FFFD for what is no character.
  package var upper: [UInt16] {
    let last = Array(characters.utf16)
    return (0..<(128 - last.count)).map { UInt16(0x80 + $0) } + last
  }
}
