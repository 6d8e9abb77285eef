/// The word that stands for a name in addresses.
enum Slug {
  /// Letters with marks, as they are spelled without them; those of German, Danish and Norwegian become two.
  private static let spelled: [Character: String] = [
    "a": "àáâãåāăą", "ae": "äæ", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı",
    "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņň", "o": "òóôõōŏő", "oe": "öøœ", "r": "ŕŗř", "s": "śŝşšș", "ss": "ßẞ",
    "t": "ţťŧț", "th": "þ", "u": "ùúûũūŭůűų", "ue": "ü", "w": "ŵ", "y": "ýÿŷ", "z": "źżž", "": "'’",
  ].reduce(into: [:]) { table, row in for letter in row.value { table[letter] = row.key } }

  /// Lower-case letters, digits and single hyphens between them, 50 at most; empty when a name has nothing of them.
  static func of(_ name: String) -> String {
    var slug = ""
    for character in name.lowercased() {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber)
      let text = isPlain ? String(character) : spelled[character] ?? "-"
      if text == "-", slug.isEmpty || slug.hasSuffix("-") { continue }
      slug += text
    }
    slug = String(slug.prefix(50))
    while slug.hasSuffix("-") { slug.removeLast() }
    return slug
  }
}
