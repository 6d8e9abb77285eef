/// What an entry of an archive stands for.
package enum ArchiveEntryKind: String, Sendable {
  case file
  case folder
  /// A name for another file, symbolic or hard.
  case link
  /// A device, a pipe or a socket.
  case special

  /// By the bits of a Unix mode that tell the kind; nil for one that has none of them.
  init?(mode: Int) {
    switch mode & 0o170000 {
    case 0o100000: self = .file
    case 0o040000: self = .folder
    case 0o120000: self = .link
    case 0: return nil
    default: self = .special
    }
  }
}
