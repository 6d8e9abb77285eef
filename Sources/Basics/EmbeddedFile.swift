import CResources

/// A file of `Resources/` as it was when the program was built.
package struct EmbeddedFile: Sendable {
  package let path: String
  package let bytes: [UInt8]

  /// All embedded files, in the order of their list.
  package static var all: [EmbeddedFile] {
    (0..<cresources_count()).map { EmbeddedFile(cresources_at($0)) }
  }

  /// The file at a path below `Resources/`, or nil.
  package static func find(_ path: String) -> EmbeddedFile? {
    (0..<cresources_count()).lazy.map(cresources_at).first { String(cString: $0.path) == path }.map(EmbeddedFile.init)
  }

  private init(_ entry: cresource) {
    path = String(cString: entry.path)
    bytes = [UInt8](UnsafeBufferPointer(start: entry.bytes, count: entry.count))
  }
}
