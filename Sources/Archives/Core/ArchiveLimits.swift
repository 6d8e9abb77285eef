/// How much of an archive is read.
package struct ArchiveLimits: Sendable {
  /// Entries of any kind.
  package var entries = 100_000
  /// Bytes of ZIP's directory.
  package var directoryBytes = 32 << 20
  /// Bytes of one name.
  package var nameBytes = 4096
  /// Bytes that come out of one archive altogether, whatever is read twice counted twice.
  package var totalBytes = 4 << 30
  /// How many bytes may come out for each that stands in the archive, once there are more than `plentyBytes` of them.
  ///
  /// DEFLATE makes at most 1032 of one.
  package var ratio = 250
  package var plentyBytes = 32 << 20

  package init() {}
}
