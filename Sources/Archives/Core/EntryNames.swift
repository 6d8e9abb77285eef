import Basics

/// The names of the files and folders of one archive, which have to be safe to unpack below any folder.
package struct EntryNames {
  /// Names between separators; more of them would be a name that costs more than it is long.
  private static let deepest = 256

  private var files: Set<String> = []
  private var folders: Set<String> = []

  package init() {}

  /// Gives a name with "/" between its parts, and none before or behind them: what is left of one that an archive has.
  ///
  /// "." and the separator of Windows go. Throws `ArchiveFault` for one that is absolute, leads up, has a control character,
  /// or is there already as a file, or as a folder and now as a file. Nothing is left of a name for the whole.
  package mutating func take(_ name: String, isFolder: Bool = false) throws(ArchiveFault) -> String {
    let plain = name.contains("\\") ? String(name.map { $0 == "\\" ? "/" : $0 }) : name
    guard !plain.hasPrefix("/"), !EntryNames.hasDrive(plain) else {
      throw EntryNames.refusal(name, "begins at the root of a disk, so it is not unpacked")
    }
    var parts = plain.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else {
      throw EntryNames.refusal(name, "leads out of its archive, so it is not unpacked")
    }
    guard !plain.unicodeScalars.contains(where: HiddenText.isControl) else {
      throw EntryNames.refusal(name, "has control characters in its name")
    }
    guard parts.count <= EntryNames.deepest else {
      throw EntryNames.refusal(name, "lies deeper than \(EntryNames.deepest) folders")
    }
    let whole = parts.joined(separator: "/")
    if whole.isEmpty, isFolder { return whole }
    guard !whole.isEmpty else { throw EntryNames.refusal(name, "has no name") }
    if isFolder {
      guard !files.contains(whole) else { throw EntryNames.refusal(name, "is there twice") }
    } else {
      guard !folders.contains(whole), files.insert(whole).inserted else {
        throw EntryNames.refusal(name, "is there twice")
      }
      parts.removeLast()
    }
    // Where a folder is known, those that it is in are, too.
    while !parts.isEmpty {
      let folder = parts.joined(separator: "/")
      guard !files.contains(folder) else { throw EntryNames.refusal(name, "lies in what is a file") }
      guard folders.insert(folder).inserted else { break }
      parts.removeLast()
    }
    return whole
  }

  /// "C:" and what follows stands for a place on Windows.
  private static func hasDrive(_ name: String) -> Bool {
    let start = name.utf8.prefix(2)
    return start.count == 2 && start.last == 0x3A
  }

  private static func refusal(_ name: String, _ problem: String) -> ArchiveFault {
    ArchiveFault(.malformed, "the entry \(ArchiveFault.shown(name)) \(problem)")
  }
}
