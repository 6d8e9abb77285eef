extension [UInt8] {
  /// A little-endian number of two, four or eight bytes, which must be there.
  func little(_ place: Int, _ length: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in 0..<length { number |= UInt64(self[place + index]) << UInt64(index * 8) }
    return number
  }

  func little16(_ place: Int) -> Int { Int(little(place, 2)) }
  func little32(_ place: Int) -> Int { Int(little(place, 4)) }

  /// A name as UTF-8, or else as Latin-1.
  var text: String {
    String(validating: self, as: UTF8.self) ?? String(String.UnicodeScalarView(map { Unicode.Scalar($0) }))
  }
}
