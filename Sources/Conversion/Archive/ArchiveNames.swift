import Formats

/// The names of the entries of one archive, which have to be safe to unpack anywhere and different from each other.
struct ArchiveNames {
  /// What an entry's header has room for, in bytes.
  static let longest = 65_535

  private var files: Set<String> = []
  private var folders: Set<String> = []

  /// Notes a name with "/" between its parts; throws for one that is empty, absolute, leads out of the archive or into a
  /// file, holds a control or a backslash, or is there already, whatever the case.
  mutating func take(_ name: String) throws(ConversionFailure) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard name.utf8.count <= ArchiveNames.longest, parts.allSatisfy(ArchiveNames.isSafe), !ArchiveNames.hasDrive(name)
    else { throw ArchiveNames.refusal(name, "is not one that can be unpacked everywhere") }
    let key = name.lowercased()
    var parents: [String] = []
    for (index, character) in zip(key.indices, key) where character == "/" { parents.append(String(key[..<index])) }
    guard !files.contains(key), !folders.contains(key), parents.allSatisfy({ !files.contains($0) }) else {
      throw ArchiveNames.refusal(name, "is in the archive already")
    }
    files.insert(key)
    folders.formUnion(parents)
  }

  private static func isSafe(_ part: Substring) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0 != "\\" }
  }

  /// "C:" and what follows stands for a place on Windows.
  private static func hasDrive(_ name: String) -> Bool {
    let start = name.utf8.prefix(2)
    return start.count == 2 && start.last == UInt8(ascii: ":")
  }

  /// The caller has made the names, so a bad one is a fault of ours.
  private static func refusal(_ name: String, _ problem: String) -> ConversionFailure {
    let shown = String(name.unicodeScalars.prefix(80).map { $0.isASCII && $0.value >= 0x20 ? Character($0) : "?" })
    return ConversionFailure(.internalError, "the name \"\(shown)\" \(problem)")
  }
}
