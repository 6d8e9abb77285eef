import Archives
package import Basics
package import Formats
import Glibc
import Pictures

/// Writes a ZIP archive (APPNOTE 6.3.10) file by file; besides a record for each entry, memory does not grow with it.
///
/// What is compressed already is stored, all else deflated. Sizes and places beyond 32 bits are written as zip64.
package final class ZIPWriter {
  /// From which sizes and counts on zip64 is used; lower ones are for tests.
  package struct Thresholds: Sendable {
    package var bytes: Int64 = 0xFFFF_FFFF
    package var entries = 0xFFFF

    package init() {}
  }

  /// Types whose bytes deflate cannot make fewer by much.
  private static let compressed: Set<String> = [
    "7z", "avif", "docx", "epub", "flac", "gif", "gzip", "heic", "jpeg", "jxl", "mkv", "mov", "mp3", "mp4", "odp",
    "ods", "odt", "ogg", "png", "pptx", "rar", "webp", "xlsx", "zip",
  ]
  /// Files up to this size would only get larger.
  private static let smallest: Int64 = 32
  private static let pieceBytes = 1 << 17
  private static let level = 6

  private let output: ByteOutput
  private let thresholds: Thresholds
  private var buffer: PixelRows?
  private var names = ArchiveNames()
  private var directory: [UInt8] = []
  private var count = 0
  /// True while an entry is incomplete, and from then on when it could not be completed.
  private var isBroken = false

  /// Writes from the beginning of the file, which must be seekable and stays the caller's; `room` is asked before it
  /// grows by so many bytes.
  package init(
    _ descriptor: Int32, thresholds: Thresholds = Thresholds(),
    room: ((Int64) throws(ConversionFailure) -> Void)? = nil
  ) {
    output = ByteOutput(descriptor, room: room)
    self.thresholds = thresholds
  }

  /// Adds the whole of an open, seekable file; `progress` is told how many of its bytes are done.
  ///
  /// Parts of the name are separated by "/". A name that is absolute, unsafe, or there already is refused before anything
  /// is written; after any other failure the archive cannot be completed.
  package func add(
    _ name: String, from source: Int32, at moment: Timestamp, progress: (Int64) -> Void = { _ in }
  ) throws(ConversionFailure) {
    try check()
    try names.take(name)
    let size = try ZIPWriter.size(of: source)
    do {
      try append(name, size: size, at: moment, from: FileSource(source, to: Int(size)), progress)
    } catch {
      throw ConversionFailure(of: error, else: "a file could not be packed")
    }
  }

  /// Adds what a source gives, of which `size` bytes are expected, nil for any number; a folder is a name that ends with
  /// "/" and has nothing.
  ///
  /// The caller has made sure that the name may be there. Throws `ConversionFailure` and what the source throws.
  func add(_ name: String, size: Int?, at moment: Timestamp?, from source: any ByteSource) throws {
    try check()
    try append(name, size: size.map(Int64.init), at: moment ?? Timestamp(milliseconds: 0), from: source) { _ in }
  }

  private func append(
    _ name: String, size: Int64?, at moment: Timestamp, from source: any ByteSource, _ progress: (Int64) -> Void
  ) throws {
    guard name.utf8.count <= ArchiveNames.longest else {
      throw ConversionFailure(.unsupportedConversion, "a name is longer than an archive can have")
    }
    isBroken = true
    let buffer = try takeBuffer().bytes(1)
    let first = try source.fill(buffer)
    let type = Sniffer.type(of: Array(buffer.prefix(min(first, Sniffer.sampleSize))))
    let isSmall = first < buffer.count && first <= ZIPWriter.smallest
    var entry = ZIPEntry(
      name: Array(name.utf8), size: size ?? 0, isStored: isSmall || ZIPWriter.compressed.contains(type.name),
      start: output.position, moment: moment, most: thresholds.bytes, isOfUnknownSize: size == nil)
    try output.write(entry.header)
    let start = output.position
    let (sum, copied) = try copy(source, first, isStored: entry.isStored, progress)
    guard copied == size ?? copied else {
      throw ConversionFailure(.internalError, "a file became shorter while it was read")
    }
    let end = output.position
    (entry.sum, entry.size, entry.compressed) = (sum, copied, end - start)
    // The header again, now that the sum is known: readers that go from the front need no trailing descriptor then.
    try output.seek(to: entry.start)
    try output.write(entry.header)
    try output.seek(to: end)
    directory += entry.record
    count += 1
    isBroken = false
  }

  /// Completes the archive and tells its size in bytes.
  package func finish() throws(ConversionFailure) -> Int64 {
    try check()
    isBroken = true
    let start = output.position
    try output.write(directory)
    let (most, size) = (thresholds.bytes, Int64(directory.count))
    if count >= thresholds.entries || start >= most || size >= most {
      try writeLargeEnd(start, size, at: output.position)
    }
    func word(_ value: Int64) -> [UInt8] { ByteOrder.little32(value >= most ? 0xFFFF_FFFF : Int(value)) }
    let entries = ByteOrder.little16(count >= thresholds.entries ? 0xFFFF : count)
    try output.write(
      ByteOrder.little32(0x0605_4B50) + [0, 0, 0, 0] + entries + entries + word(size) + word(start) + [0, 0])
    return try output.finish()
  }

  private func check() throws(ConversionFailure) {
    if isBroken { throw ConversionFailure(.internalError, "the archive cannot be completed") }
  }

  /// The zip64 end of the directory and its locator (sections 4.3.14 and 4.3.15).
  private func writeLargeEnd(_ start: Int64, _ size: Int64, at place: Int64) throws(ConversionFailure) {
    let numbers = [Int64(count), Int64(count), size, start].flatMap(ByteOrder.little64)
    let version = ByteOrder.little16(45)
    try output.write(ByteOrder.little32(0x0606_4B50) + ByteOrder.little64(44) + version + version)
    try output.write([0, 0, 0, 0, 0, 0, 0, 0] + numbers)
    try output.write(
      ByteOrder.little32(0x0706_4B50) + [0, 0, 0, 0] + ByteOrder.little64(place) + ByteOrder.little32(1))
  }

  private static func size(of source: Int32) throws(ConversionFailure) -> Int64 {
    do throws(SystemFailure) { return Int64(try FileSource.size(of: source)) } catch { throw ConversionFailure(error) }
  }

  private func takeBuffer() throws(ConversionFailure) -> PixelRows {
    if let buffer { return buffer }
    let made = try PixelRows(rows: 1, bytesPerRow: ZIPWriter.pieceBytes)
    buffer = made
    return made
  }

  /// Copies all bytes, of which the first have been read; returns their CRC-32 and number.
  private func copy(
    _ source: any ByteSource, _ first: Int, isStored: Bool, _ progress: (Int64) -> Void
  ) throws -> (sum: [UInt8], size: Int64) {
    let buffer = try takeBuffer().bytes(1)
    let deflater = isStored ? nil : try Deflater(level: ZIPWriter.level, isBare: true)
    let output = output
    var sum = CRC32()
    var got = first
    var done: Int64 = 0
    while got > 0 {
      let piece = UnsafeRawBufferPointer(rebasing: buffer[..<got])
      sum.update(piece)
      if let deflater {
        try deflater.add(piece) { (bytes) throws(ConversionFailure) in try output.write(bytes) }
      } else {
        try output.write(piece)
      }
      done += Int64(got)
      progress(done)
      got = try source.fill(buffer)
    }
    try deflater?.end { (bytes) throws(ConversionFailure) in try output.write(bytes) }
    return (sum.finish(), done)
  }
}
