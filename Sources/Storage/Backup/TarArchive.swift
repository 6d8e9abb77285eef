package import Basics

/// A small tar archive made in memory.
package enum TarArchive {
  /// The archive of these files, whose names have at most 100 bytes.
  package static func bytes(_ files: [(name: String, bytes: [UInt8])], at moment: Timestamp) -> [UInt8] {
    var archive: [UInt8] = []
    for file in files {
      let size = Int64(file.bytes.count)
      archive += TarHeader(name: file.name, size: size, modified: moment.milliseconds / 1000).bytes
      archive += file.bytes + [UInt8](repeating: 0, count: TarHeader.padding(after: size))
    }
    return archive + [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
  }
}
