package import Basics

extension ZIPReader {
  /// One entry of the archive as its directory has it.
  package struct Entry: Sendable {
    /// Parts are separated by "/", and that of a folder ends with one; what else may be in it has to be looked at.
    package let name: String
    package let kind: ArchiveEntryKind
    /// Bytes that come out of it.
    package let size: Int
    /// Bytes that stand in the archive.
    package let packedSize: Int
    /// The local time of wherever the archive was made, taken for UTC, unless the archive tells better.
    package let modified: Timestamp?
    package let isEncrypted: Bool
    /// The method of compression by its number; 0 is stored, 8 DEFLATE.
    package let method: Int
    package let checksum: UInt32

    let nameBytes: [UInt8]
    let flags: Int
    /// Where its own header stands.
    let place: Int
    /// Where the next header or the directory begins.
    var end: Int

    /// How a sentence calls it.
    var shown: String { "the entry \(ArchiveFault.shown(name))" }
  }
}
