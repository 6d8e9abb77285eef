import Basics
import Formats

/// Numbers at places of a TIFF structure; nil beyond its end.
struct TIFFReader {
  private let bytes: [UInt8]
  private let isLittle: Bool

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
    self.bytes = bytes
    isLittle = bytes[0] == 0x49
    guard number(2, 2) == 42 else { return nil }
  }

  func number(_ place: Int, _ count: Int) -> Int? {
    slice(place, count).map { slice in (isLittle ? slice.reversed() : Array(slice)).reduce(0) { $0 << 8 | Int($1) } }
  }

  func slice(_ place: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard place >= 0, count >= 0, place <= bytes.count - count else { return nil }
    return bytes[place..<place + count]
  }

  /// A whole number or a fraction, by TIFF's number of the type.
  func value(_ place: Int, _ type: Int) -> JSONValue? {
    let isSigned = type == 9 || type == 10
    func signed(_ place: Int) -> Int? {
      number(place, 4).map { isSigned ? Int(Int32(truncatingIfNeeded: $0)) : $0 }
    }
    switch type {
    case 1: return number(place, 1).map { .integer(Int64($0)) }
    case 3: return number(place, 2).map { .integer(Int64($0)) }
    case 4, 9: return signed(place).map { .integer(Int64($0)) }
    case 5, 10:
      guard let above = signed(place), let below = signed(place + 4), below != 0 else { return nil }
      return .number(Double(above) / Double(below))
    default: return nil
    }
  }
}
