import Archives
import Basics
import Glibc

/// A file of exchange rates: the European Central Bank's reference rates as XML or CSV, of a day or of all days, a ZIP
/// archive of one of these, or a table with the columns base, quote, rate and date.
package enum RateFile {
  /// Bytes of a file, and of what is in an archive; the ECB's longest has 8 MB.
  package static let mostBytes = 64 << 20
  static let mostRates = 2_000_000
  /// Against which currency the ECB says its rates, and how it is called as their source.
  static let hub = "EUR"
  static let bank = "ECB"

  /// All rates of a file; throws `RateFault` with the first thing that is wrong, and `SystemFailure`.
  package static func read(_ bytes: [UInt8]) throws -> [QuotedRate] {
    let isArchive = bytes.starts(with: Array("PK".utf8) + [3, 4])
    var bytes = isArchive ? try unpacked(bytes) : bytes
    guard bytes.count <= mostBytes else { throw RateFault("it has more than \(mostBytes >> 20) MB") }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let rates = first == UInt8(ascii: "<") ? try RateMarkup.read(bytes) : try RateTable.read(bytes)
    guard !rates.isEmpty else { throw RateFault("there is no rate in it") }
    return rates
  }

  /// The table or document in an archive.
  private static func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
    let descriptor = try MemoryFile.make(bytes)
    defer { close(descriptor) }
    do {
      let archive = try ZIPReader(descriptor: descriptor)
      let found = archive.entries.first { entry in
        [".csv", ".xml"].contains { entry.name.lowercased().hasSuffix($0) }
      }
      guard let found else { throw RateFault("there is no .csv and no .xml in the archive") }
      return try archive.read(found, atMost: mostBytes)
    } catch let fault as ArchiveFault {
      throw RateFault("the archive cannot be read: \(fault.sentence)")
    }
  }
}
