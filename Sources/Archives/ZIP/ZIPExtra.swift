import Basics
import CImage

/// The extra fields of an entry (APPNOTE 6.3.10 section 4.5) as far as they change what is read.
struct ZIPExtra {
  private let fields: [(kind: Int, bytes: [UInt8])]

  /// Nil when the fields do not fill their place; zeros that other programs leave behind them are passed over.
  init?(_ bytes: ArraySlice<UInt8>) {
    var fields: [(kind: Int, bytes: [UInt8])] = []
    let bytes = Array(bytes)
    var place = 0
    while bytes.count - place >= 4 {
      let (kind, length) = (bytes.little16(place), bytes.little16(place + 2))
      guard length <= bytes.count - place - 4 else { return nil }
      fields.append((kind, Array(bytes[place + 4..<place + 4 + length])))
      place += 4 + length
    }
    guard bytes[place...].allSatisfy({ $0 == 0 }) else { return nil }
    self.fields = fields
  }

  private func field(_ kind: Int) -> [UInt8]? { fields.first { $0.kind == kind }?.bytes }

  /// Puts the numbers of the zip64 field in the places of those that had no room, in this order; false when there are too
  /// few, or one is beyond what can be.
  func replace(_ numbers: inout [Int]) -> Bool {
    guard numbers.contains(0xFFFF_FFFF) else { return true }
    guard let field = field(1) else { return true }
    var place = 0
    for index in numbers.indices where numbers[index] == 0xFFFF_FFFF {
      guard field.count - place >= 8, let number = Int(exactly: field.little(place, 8)) else { return false }
      numbers[index] = number
      place += 8
    }
    return true
  }

  /// When the file was changed, in UTC (Info-ZIP's "UT").
  var modified: Timestamp? {
    guard let field = field(0x5455), field.count >= 5, field[0] & 1 == 1 else { return nil }
    return Timestamp(milliseconds: Int64(Int32(truncatingIfNeeded: field.little32(1))) * 1000)
  }

  /// The name in UTF-8, when it was made for this one (section 4.6.9).
  func name(for name: [UInt8]) -> String? {
    guard let field = field(0x7075), field.count > 5, field[0] == 1,
      UInt32(field.little32(1)) == cimage_crc(0, name, name.count)
    else { return nil }
    return String(validating: field[5...], as: UTF8.self)
  }
}
