package import Basics

/// Writes a TAR archive (ustar, with pax headers for what has no room there), file by file.
package final class TARWriter {
  /// Most that eleven digits of base eight can tell.
  private static let mostSize = 0o77777777777
  private static let nameLength = 100
  /// Archives are filled up to a whole number of records of so many bytes.
  private static let record = 20 * TARHeader.length

  private let put: (UnsafeRawBufferPointer) throws -> Void
  private var count = 0

  /// `put` takes each piece of the archive, from its beginning on.
  package init(_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.put = put }

  /// Adds a file of exactly `size` bytes; the caller has made sure that the name may be there.
  ///
  /// Throws `ArchiveFault` where the source has more or fewer bytes, and what the source and `put` throw.
  package func add(_ name: String, size: Int, at moment: Timestamp?, from source: any ByteSource) throws {
    try writeHeader(Array(name.utf8), size: size, moment, type: "0")
    var written = 0
    let wrong = ArchiveFault(
      .malformed, "the entry \(ArchiveFault.shown(name)) has not the \(size) bytes it should have")
    try source.forEachPiece { piece in
      written += piece.count
      guard written <= size else { throw wrong }
      try put(piece)
    }
    guard written == size else { throw wrong }
    count += size
    try pad(to: TARHeader.length)
  }

  /// Adds an empty folder, whose name may end with "/".
  package func addFolder(_ name: String, at moment: Timestamp?) throws {
    try writeHeader(Array((name.hasSuffix("/") ? name : name + "/").utf8), size: 0, moment, type: "5")
  }

  /// Completes the archive.
  package func finish() throws {
    try write([UInt8](repeating: 0, count: 2 * TARHeader.length))
    try pad(to: TARWriter.record)
  }

  /// Writes a header, and another one before it with what has no room there.
  private func writeHeader(_ name: [UInt8], size: Int, _ moment: Timestamp?, type: Unicode.Scalar) throws {
    let seconds = min(max(0, Int(moment?.seconds ?? 0)), TARWriter.mostSize)
    var records: [UInt8] = []
    if name.count > TARWriter.nameLength || !name.allSatisfy({ $0 < 0x80 }) {
      records += TARWriter.record("path", name)
    }
    if size > TARWriter.mostSize { records += TARWriter.record("size", Array(String(size).utf8)) }
    if !records.isEmpty {
      try write(TARWriter.header(Array("PaxHeaders/entry".utf8), size: records.count, seconds, type: "x"))
      try write(records)
      try pad(to: TARHeader.length)
    }
    try write(TARWriter.header(name, size: min(size, TARWriter.mostSize), seconds, type: type))
  }

  private func write(_ bytes: [UInt8]) throws {
    count += bytes.count
    try bytes.withUnsafeBytes(put)
  }

  private func pad(to length: Int) throws {
    try write([UInt8](repeating: 0, count: (length - count % length) % length))
  }

  /// A line that tells its own length, digits included.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = [0x20] + Array(key.utf8) + [0x3D] + value + [0x0A]
    var length = rest.count
    while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
    return Array(String(length).utf8) + rest
  }

  /// An ordinary file or folder of nobody that everybody may read.
  private static func header(_ name: [UInt8], size: Int, _ seconds: Int, type: Unicode.Scalar) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TARHeader.length)
    func put(_ bytes: some Sequence<UInt8>, at place: Int) {
      for (index, byte) in bytes.enumerated() { block[place + index] = byte }
    }
    func octal(_ number: Int, _ digits: Int) -> [UInt8] {
      let text = Array(String(number, radix: 8).utf8)
      return [UInt8](repeating: 0x30, count: max(0, digits - text.count)) + text
    }
    put(name.prefix(nameLength), at: 0)
    for (place, number) in [(100, type == "5" ? 0o755 : 0o644), (108, 0), (116, 0)] { put(octal(number, 7), at: place) }
    put(octal(size, 11), at: 124)
    put(octal(seconds, 11), at: 136)
    put([UInt8](repeating: 0x20, count: 8), at: 148)
    block[156] = UInt8(ascii: type)
    put("ustar\u{0}00".utf8, at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0], at: 148)
    return block
  }
}
