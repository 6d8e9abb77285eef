package import Archives
import DataFormats

extension DocumentParts {
  /// The entries of an archive.
  package convenience init(_ archive: ZIPReader, limits: DocumentLimits = DocumentLimits()) {
    self.init(archive.entries.map(\.name), limits: limits) { place, most in
      do {
        return try archive.read(archive.entries[place], atMost: most)
      } catch let fault as ArchiveFault {
        switch fault.kind {
        case .malformed: throw DataFault(.malformed, fault.sentence)
        case .tooLarge: throw DataFault(.tooLarge, fault.sentence)
        case .unsupported: throw DataFault(.unsupported, fault.sentence)
        case .encrypted: throw DocumentLocked()
        }
      }
    }
  }
}
