/// Reads a ZIP archive that anybody may have made (APPNOTE 6.3.10) by its directory, which is held; contents are streamed.
///
/// Every length and place is compared with the file before it is followed. Entries that share bytes, and archives in several
/// parts, are refused as a whole; an entry that is encrypted, or whose own header says otherwise than the directory, when it
/// is read. What comes out is bounded by its announced size and the limits, and no archive inside is opened.
package final class ZIPReader {
  /// An entry's own header without its name and extra fields.
  static let headerLength = 30

  /// In the order of the directory; names may be there twice, and need not be safe.
  package let entries: [Entry]
  private let file: Int32
  private let fileSize: Int
  private let limits: ArchiveLimits
  private var announced = 0
  private lazy var places = Dictionary(entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
  private lazy var lowerPlaces = Dictionary(entries.enumerated().map { ($1.name.lowercased(), $0) }) { one, _ in one }

  /// Reads the directory of an open, seekable file, which stays the caller's.
  ///
  /// Throws `ArchiveFault` and `SystemFailure`.
  package init(descriptor: Int32, limits: ArchiveLimits = ArchiveLimits()) throws {
    file = descriptor
    self.limits = limits
    fileSize = try FileSource.size(of: descriptor)
    let end = try ZIPEnd.find(descriptor, fileSize: fileSize)
    guard end.count <= limits.entries, end.size <= limits.directoryBytes else {
      throw ArchiveFault(.tooLarge, "it has \(end.count) entries, and at most \(limits.entries) are read")
    }
    let bytes = try FileSource.bytes(descriptor, at: end.start, end.size)
    entries = try ZIPReader.entries(bytes, count: end.count, directory: end.start, limits)
  }

  /// The first entry of exactly this name, or nil.
  package func entry(named name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The same, or else the first one whose name differs in upper and lower case alone, as those of Office documents may.
  package func entry(like name: String) -> Entry? {
    entry(named: name) ?? lowerPlaces[name.lowercased()].map { entries[$0] }
  }

  /// The whole content of an entry of at most so many bytes.
  ///
  /// Throws `ArchiveFault` and `SystemFailure`.
  package func read(_ entry: Entry, atMost most: Int = .max) throws -> [UInt8] {
    guard entry.size <= most else {
      throw ArchiveFault(.tooLarge, "\(entry.shown) has \(entry.size) bytes, and may have \(most)")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(entry.size, max(1 << 20, entry.packedSize)))
    try extract(entry) { bytes += $0 }
    return bytes
  }

  /// Gives the content of an entry in pieces, which are there while they are taken; what has been taken is right only when
  /// this returns.
  ///
  /// Throws `ArchiveFault`, `SystemFailure`, and what `take` throws.
  package func extract(_ entry: Entry, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    try content(of: entry).forEachPiece(take)
  }

  /// The content of an entry, whose end is reached only when its size and sum are right.
  ///
  /// Throws `ArchiveFault` and `SystemFailure`.
  package func content(of entry: Entry) throws -> any ByteSource {
    if entry.isEncrypted { throw ArchiveFault(.encrypted, "\(entry.shown) is encrypted, so it wants a password") }
    guard [0, 8].contains(entry.method) else {
      let method = ZIPReader.methods[entry.method] ?? "a method of number \(entry.method)"
      throw ArchiveFault(.unsupported, "\(entry.shown) is compressed by \(method), and only DEFLATE is read")
    }
    try allow(entry)
    let start = try ZIPReader.start(of: entry, file)
    let stored = FileSource(file, from: start, to: start + entry.packedSize)
    return ZIPContent(entry, entry.method == 0 ? stored : try InflatedSource(stored))
  }

  private static let methods = [
    1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd",
  ]

  /// Refuses bombs by what they announce; more than that never comes out.
  private func allow(_ entry: Entry) throws {
    let (sum, overflow) = announced.addingReportingOverflow(entry.size)
    guard !overflow, sum <= limits.totalBytes else {
      throw ArchiveFault(.tooLarge, "its entries unpack to more than \(limits.totalBytes) bytes")
    }
    if entry.size > limits.plentyBytes, entry.size / limits.ratio > entry.packedSize {
      throw ArchiveFault(
        .tooLarge,
        "\(entry.shown) unpacks to more than \(limits.ratio) times its \(entry.packedSize) bytes, as in bombs")
    }
    if sum > limits.plentyBytes, sum / limits.ratio > fileSize {
      throw ArchiveFault(.tooLarge, "it unpacks to more than \(limits.ratio) times its size, as bombs do")
    }
    announced = sum
  }
}
