import Basics

/// Reads a TAR archive from its beginning (ustar, pax, and GNU's long names and numbers), entry by entry.
///
/// Links and devices are told of and have no content; sparse files and continued archives are refused.
package final class TARReader {
  /// Keys of extended headers that are looked at; all others are passed over.
  static let understood: Set<String> = ["path", "size", "mtime"]
  /// Bytes of an extended header or a long name; attributes of files may stand there, too.
  private static let mostExtended = 1 << 20

  private let source: any ByteSource
  private let limits: ArchiveLimits
  private var common = PAXRecords()
  /// What is left of the current entry, and how many zeros fill its last block.
  private var rest = 0
  private var padding = 0
  /// A block that was read to see whether it is a header.
  private var ahead: [UInt8]?
  private var count = 0
  private var isEnded = false

  package init(_ source: any ByteSource, limits: ArchiveLimits = ArchiveLimits()) {
    self.source = source
    self.limits = limits
  }

  /// The next entry, or nil behind the last; what was not read of the one before is passed over.
  ///
  /// Throws `ArchiveFault` and what the source throws.
  package func next() throws -> Entry? {
    var own = PAXRecords()
    var longName: [UInt8]?
    while let header = try header() {
      switch header.type {
      case UInt8(ascii: "x"): try own.add(extended(header))
      case UInt8(ascii: "g"): try common.add(extended(header))
      case UInt8(ascii: "L"): longName = Array(try extended(header).prefix { $0 != 0 })
      case UInt8(ascii: "K"): _ = try extended(header)
      case UInt8(ascii: "V"): break
      default: return try entry(header, longName, common.merging(own))
      }
    }
    return nil
  }

  /// The content of the entry that `next` gave last, as long as that is not asked again.
  package var content: any ByteSource { TARContent(self) }

  func readContent(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    guard rest > 0 else { return 0 }
    let got = try source.read(UnsafeMutableRawBufferPointer(rebasing: place.prefix(rest)))
    guard got > 0 else { throw TARReader.cut }
    rest -= got
    return got
  }

  private static let cut = ArchiveFault(.malformed, "it ends within an entry, so it is cut off")

  /// The next header that is none of zeros, which are the end.
  private func header() throws -> TARHeader? {
    if isEnded { return nil }
    guard try source.skip(rest + padding) >= rest else { throw TARReader.cut }
    (rest, padding) = (0, 0)
    let block = try ahead ?? source.bytes(TARHeader.length)
    ahead = nil
    if block.isEmpty, count > 0 || isEnded { return end() }
    guard block.count == TARHeader.length else {
      throw ArchiveFault(.malformed, "it ends within a header, so it is cut off or no TAR archive")
    }
    if block.allSatisfy({ $0 == 0 }) { return end() }
    count += 1
    guard count <= limits.entries else {
      throw ArchiveFault(.tooLarge, "it has more than \(limits.entries) entries, which is more than is read")
    }
    return try TARHeader(block)
  }

  private func end() -> TARHeader? {
    isEnded = true
    return nil
  }

  /// The bytes behind a header that tells of the next one.
  private func extended(_ header: TARHeader) throws -> [UInt8] {
    let size = try header.size
    guard size <= TARReader.mostExtended else {
      throw ArchiveFault(.tooLarge, "an extended header of it has \(size) bytes")
    }
    expect(size)
    let bytes = try source.bytes(size)
    rest -= bytes.count
    guard rest == 0 else { throw TARReader.cut }
    return bytes
  }

  private func expect(_ size: Int) {
    rest = size
    padding = (TARHeader.length - size % TARHeader.length) % TARHeader.length
  }

  private func entry(_ header: TARHeader, _ longName: [UInt8]?, _ records: PAXRecords) throws -> Entry {
    let bytes = records.name ?? longName ?? header.name
    guard bytes.count <= limits.nameBytes else {
      throw ArchiveFault(.tooLarge, "the name of an entry is longer than \(limits.nameBytes) bytes")
    }
    let name = bytes.text
    let kind = try TARReader.kind(of: header.type, name, isSparse: records.isSparse)
    let length = try bodyLength(header, records, kind)
    guard length <= .max - TARHeader.length else {
      throw ArchiveFault(.tooLarge, "the entry \(ArchiveFault.shown(name)) has a size beyond any file")
    }
    let size = kind == .file ? length : 0
    switch header.type {
    case UInt8(ascii: "1"): try passOverCopy(length)
    case UInt8(ascii: "D"): try passOver(length)
    default: expect(size)
    }
    let moment = records.modified ?? header.modified.flatMap { $0.magnitude < 1 << 40 ? Int64($0) * 1000 : nil }
    return Entry(name: name, kind: kind, size: size, modified: moment.map { Timestamp(milliseconds: $0) })
  }

  /// How many bytes the entry may have behind its header; none for those that have none whatever they say.
  private func bodyLength(_ header: TARHeader, _ records: PAXRecords, _ kind: ArchiveEntryKind) throws -> Int {
    switch header.type {
    // The size of a hard link counts only where nothing else makes sense of what follows.
    case UInt8(ascii: "1"): return (try? records.size ?? header.size) ?? 0
    case UInt8(ascii: "D"): return try records.size ?? header.size
    default: return kind == .file ? try records.size ?? header.size : 0
    }
  }

  private func passOver(_ length: Int) throws {
    expect(length)
    guard try source.skip(rest) >= rest else { throw TARReader.cut }
    rest = 0
  }

  /// Passes over the file that some programs put behind a hard link once more (pax, "linkdata"); others tell its size
  /// and put nothing there, so that a header follows.
  private func passOverCopy(_ length: Int) throws {
    expect(0)
    guard length > 0 else { return }
    let block = try source.bytes(TARHeader.length)
    guard block.isEmpty || block.count == TARHeader.length else { throw TARReader.cut }
    if block.allSatisfy({ $0 == 0 }) || (try? TARHeader(block)) != nil {
      ahead = block
    } else {
      try passOver(max(0, length - TARHeader.length))
    }
  }

  private static func kind(of type: UInt8, _ name: String, isSparse: Bool) throws -> ArchiveEntryKind {
    switch type {
    case UInt8(ascii: "1"), UInt8(ascii: "2"): return .link
    case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): return .special
    // GNU's "D" is a folder with the names of what was in it.
    case UInt8(ascii: "5"), UInt8(ascii: "D"): return .folder
    case UInt8(ascii: "S"), UInt8(ascii: "M"):
      throw ArchiveFault(
        .unsupported, "the entry \(ArchiveFault.shown(name)) is sparse or goes on from elsewhere, which is not read")
    default:
      if isSparse {
        throw ArchiveFault(.unsupported, "the entry \(ArchiveFault.shown(name)) is sparse, which is not read")
      }
      // Before POSIX, a folder was a file whose name ended so.
      return type == 0 && name.hasSuffix("/") ? .folder : .file
    }
  }
}

/// What is left of a reader's current entry.
private final class TARContent: ByteSource {
  private let reader: TARReader

  init(_ reader: TARReader) { self.reader = reader }

  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int { try reader.readContent(place) }
}
