/// Places in sheets as "B7".
enum CellReference {
  /// The number of the column, from 0, of a place; nil where it is none.
  static func column(of place: String) -> Int? {
    var column = 0
    for byte in place.utf8 {
      let letter = byte & 0xDF
      guard letter >= 0x41, letter <= 0x5A, column < 1_000_000 else { break }
      column = column * 26 + Int(letter) - 0x40
    }
    return column > 0 ? column - 1 : nil
  }

  /// The letters of a column.
  static func name(ofColumn column: Int) -> String {
    var letters = ""
    var rest = column + 1
    while rest > 0 {
      letters.unicodeScalars.insert(Unicode.Scalar(UInt8(0x41 + (rest - 1) % 26)), at: letters.startIndex)
      rest = (rest - 1) / 26
    }
    return letters
  }
}
