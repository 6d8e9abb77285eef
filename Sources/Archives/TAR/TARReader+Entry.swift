package import Basics

extension TARReader {
  /// One entry as its header has it.
  package struct Entry: Sendable {
    /// Parts are separated by "/", and that of a folder may end with one; what else may be in it has to be looked at.
    package let name: String
    package let kind: ArchiveEntryKind
    package let size: Int
    package let modified: Timestamp?
  }
}
