import Formats

@testable import Conversion

/// A ZIP archive of stored entries with right check sums, as office programs read them.
enum ZIPSample {
  static func bytes(_ entries: [(name: String, text: String)]) -> [UInt8] {
    bytes(entries.map { ($0.name, Array($0.text.utf8)) })
  }

  static func bytes(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> ($0 * 8) & 255) } }
    var (all, records): ([UInt8], [UInt8]) = ([], [])
    for (name, data) in entries {
      var sum = CRC32()
      data.withUnsafeBytes { sum.update($0) }
      let name = Array(name.utf8)
      // Flags, method, time, a date, sum, sizes, lengths of the name and of no more.
      let facts =
        little(0, 4) + little(0, 2) + little(0x21, 2) + sum.finish().reversed() + little(data.count, 4)
        + little(data.count, 4) + little(name.count, 2) + little(0, 2)
      records += [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + facts + little(0, 10)
      records += little(all.count, 4) + name
      all += [0x50, 0x4B, 3, 4] + little(20, 2) + facts + name + data
    }
    let place = all.count
    return all + records + [0x50, 0x4B, 5, 6] + little(0, 4) + little(entries.count, 2) + little(entries.count, 2)
      + little(records.count, 4) + little(place, 4) + little(0, 2)
  }
}
