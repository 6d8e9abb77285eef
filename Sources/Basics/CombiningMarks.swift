/// Tells texts apart that would be slow to work with: Swift compares and hashes by normal form, for which it sorts each
/// run of combining marks in time that grows with the square of its length.
package enum CombiningMarks {
  /// The limit of the Stream-Safe Text Format (Unicode Standard Annex 15, section 13); no language needs as many.
  package static let most = 30

  /// Scalars that count as starters and yet are written out as marks.
  private static let disguised: Set<UInt32> = [0x0F73, 0x0F75, 0x0F81]

  /// True when no letter of the text has more marks than `most`.
  package static func areFew(in text: String) -> Bool {
    // The first mark is U+0300, whose first byte is 0xCC.
    guard text.utf8.contains(where: { $0 >= 0xCC }) else { return true }
    var run = 0
    for scalar in text.unicodeScalars {
      run = isMark(scalar) ? run + 1 : 0
      if run > most { return false }
    }
    return true
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300
      && (scalar.properties.canonicalCombiningClass != .notReordered || disguised.contains(scalar.value))
  }
}
