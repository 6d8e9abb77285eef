import Formats

/// IPTC's data sets and the resource of Photoshop that they lie in.
enum IPTC {
  private static let signature = Array("8BIM".utf8)
  private static let resource: [UInt8] = [0x04, 0x04]

  /// The data sets within a run of Photoshop's resources; all others tell of the file as it was.
  static func dataSets(in resources: [UInt8]) -> [UInt8]? {
    var place = 0
    while place <= resources.count - 12, resources[place...].starts(with: signature) {
      // A name of a length in front, both together of an even number of bytes.
      let name = (Int(resources[place + 6]) + 2) & ~1
      let head = place + 6 + name
      guard head <= resources.count - 4 else { return nil }
      let length = resources[head..<head + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= resources.count - head - 4 else { return nil }
      let data = resources[head + 4..<head + 4 + length]
      if resources[place + 4..<place + 6].elementsEqual(resource) { return data.isEmpty ? nil : Array(data) }
      place = head + 4 + (length + 1) & ~1
    }
    // Some writers leave the resource out.
    return resources.first == 0x1C ? resources : nil
  }

  /// The resource with these data sets.
  static func resources(with dataSets: [UInt8]) -> [UInt8] {
    let count = dataSets.count
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    return signature + resource + [0, 0] + length + dataSets + (count % 2 == 1 ? [0] : [])
  }

  /// By-line, credit and copyright notice, and the coding of their characters; nil when there are none of them.
  static func copyright(of dataSets: [UInt8]) -> [UInt8]? {
    var (kept, coding): ([UInt8], [UInt8]) = ([], [])
    var place = 0
    while place <= dataSets.count - 5, dataSets[place] == 0x1C {
      let (record, number) = (dataSets[place + 1], dataSets[place + 2])
      let length = Int(dataSets[place + 3]) << 8 | Int(dataSets[place + 4])
      // Longer ones, whose length has a length, hold no text.
      guard length <= dataSets.count - place - 5 else { break }
      let whole = dataSets[place..<place + 5 + length]
      if record == 1, number == 90 { coding += whole }
      if record == 2, [80, 110, 116].contains(number) { kept += whole }
      place += 5 + length
    }
    return kept.isEmpty ? nil : coding + kept
  }
}
