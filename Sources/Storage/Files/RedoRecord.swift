import Basics

/// One small file in a redo log: a head of 128 bytes, the file's bytes, and zeros up to the next page.
///
/// The head: a mark, the log's turn, the file's size and the sum of the record (whose own eight bytes count as zero), each
/// in eight little-endian bytes; then the length of the file's name in one byte, and the name. A record begins at a page, so
/// that one that was not written whole hides none behind it. A file may have anything at such a place, so the mark is a
/// secret of the data directory, and no client can write bytes that are taken for a record.
struct RedoRecord: Equatable {
  static let page = 4096
  private static let headBytes = 128
  /// "wonder-1", the mark of all data directories before marks were secrets.
  static let oldMark: UInt64 = 0x312D_7265_646E_6F77
  private static let (turnPlace, sizePlace, sumPlace, namePlace) = (8, 16, 24, 32)

  let blob: String
  let turn: UInt64
  /// Where the file's bytes are in what was read.
  let content: Range<Int>

  /// The mark of the data directory whose secret for this is given.
  static func mark(of secret: [UInt8]) -> UInt64 { secret.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// The mark of what was written into a log's file: `mark`, unless a version before secret marks wrote it.
  ///
  /// The first bytes tell, for these are a head's in each version, and never a client's.
  static func mark(in bytes: UnsafeMutableRawBufferPointer, now mark: UInt64) -> UInt64 {
    guard bytes.count >= headBytes else { return mark }
    let first = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    return first == oldMark ? oldMark : mark
  }

  /// Bytes that a file of this size takes in a log.
  static func bytes(for size: Int) -> Int { (headBytes + size + page - 1) / page * page }

  /// The part of a record into which the file's bytes go.
  static func content(_ size: Int) -> Range<Int> { headBytes..<headBytes + size }

  /// Completes a record whose file's bytes are in place; everything else of it is written.
  static func seal(_ record: UnsafeMutableRawBufferPointer, _ blob: String, size: Int, turn: UInt64, mark: UInt64) {
    for place in 0..<headBytes { record[place] = 0 }
    for place in headBytes + size..<record.count { record[place] = 0 }
    record.storeBytes(of: mark.littleEndian, as: UInt64.self)
    record.storeBytes(of: turn.littleEndian, toByteOffset: turnPlace, as: UInt64.self)
    record.storeBytes(of: UInt64(size).littleEndian, toByteOffset: sizePlace, as: UInt64.self)
    let name = Array(blob.utf8.prefix(headBytes - namePlace - 1))
    record[namePlace] = UInt8(name.count)
    for (index, byte) in name.enumerated() { record[namePlace + 1 + index] = byte }
    record.storeBytes(of: sum(record, size).littleEndian, toByteOffset: sumPlace, as: UInt64.self)
  }

  /// The record with this mark that begins at `place`, or nil where none is whole.
  init?(_ bytes: UnsafeMutableRawBufferPointer, at place: Int, mark: UInt64) {
    guard place + Self.headBytes <= bytes.count else { return nil }
    let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[place...])
    func word(_ place: Int) -> UInt64 {
      UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    let (size, sum) = (word(Self.sizePlace), word(Self.sumPlace))
    guard word(0) == mark, size <= UInt64(rest.count - Self.headBytes) else { return nil }
    rest.storeBytes(of: 0, toByteOffset: Self.sumPlace, as: UInt64.self)
    defer { rest.storeBytes(of: sum.littleEndian, toByteOffset: Self.sumPlace, as: UInt64.self) }
    let length = Int(rest[Self.namePlace])
    guard Self.sum(rest, Int(size)) == sum, length < Self.headBytes - Self.namePlace else { return nil }
    blob = String(decoding: rest[Self.namePlace + 1..<Self.namePlace + 1 + length], as: UTF8.self)
    guard Blobs.isName(blob) else { return nil }
    turn = word(Self.turnPlace)
    content = place + Self.headBytes..<place + Self.headBytes + Int(size)
  }

  private static func sum(_ record: UnsafeMutableRawBufferPointer, _ size: Int) -> UInt64 {
    XXH64.sum(UnsafeRawBufferPointer(rebasing: record[..<(headBytes + size)]))
  }
}
