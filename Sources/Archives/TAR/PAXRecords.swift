/// The records of an extended header (IEEE 1003.1-2024 pax, "pax Extended Header").
struct PAXRecords {
  private var values: [String: [UInt8]] = [:]
  private(set) var isSparse = false

  init() {}

  /// Adds lines of the form "length key=value"; an empty value takes an earlier one of all entries away, too.
  mutating func add(_ bytes: [UInt8]) throws {
    let wrong = ArchiveFault(.malformed, "an extended header of it is damaged")
    var place = 0
    while place < bytes.count {
      let digits = bytes[place...].prefix { (0x30...0x39).contains($0) }
      guard digits.count <= 9, let length = Int(String(decoding: digits, as: UTF8.self)),
        length > digits.count + 2, length <= bytes.count - place, bytes[digits.endIndex] == 0x20,
        bytes[place + length - 1] == 0x0A
      else { throw wrong }
      let record = bytes[(digits.endIndex + 1)..<(place + length - 1)]
      guard let equals = record.firstIndex(of: 0x3D) else { throw wrong }
      let key = String(decoding: record[..<equals], as: UTF8.self)
      let value = Array(record[(equals + 1)...])
      if TARReader.understood.contains(key) {
        values[key] = value
      } else if key.hasPrefix("GNU.sparse."), !value.isEmpty {
        isSparse = true
      }
      place += length
    }
  }

  var name: [UInt8]? { values["path"] }

  /// In bytes; nil when none is given.
  var size: Int? {
    get throws {
      guard let text = values["size"] else { return nil }
      guard text.allSatisfy({ (0x30...0x39).contains($0) }), let size = Int(String(decoding: text, as: UTF8.self))
      else {
        throw ArchiveFault(.malformed, "an entry of it has a size that is no number of bytes")
      }
      return size
    }
  }

  /// In milliseconds since 1970.
  var modified: Int64? {
    guard let text = values["mtime"], let seconds = Double(String(decoding: text, as: UTF8.self)),
      abs(seconds) < 1e12
    else { return nil }
    return Int64(seconds * 1000)
  }

  /// Those of all entries, with those of one on top.
  func merging(_ other: PAXRecords) -> PAXRecords {
    var merged = self
    merged.values.merge(other.values) { _, new in new }
    merged.values = merged.values.filter { !$0.value.isEmpty }
    merged.isSparse = isSparse || other.isSparse
    return merged
  }
}
