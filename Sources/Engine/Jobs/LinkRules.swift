/// What the links of a dialect's jobs may be used for, where it differs from the server's own rules.
package struct LinkRules: Sendable {
  /// How long a link works, if the file is there for so long.
  package let life: Duration?
  /// How often the file may be fetched with one link.
  package let mostDownloads: Int?
  /// True for "/dl/TOKEN", which says nothing of the file.
  package let isShort: Bool
  /// What stands before the token of any other link.
  package let folder: String
  /// True when each download of a file is counted.
  package let countsDownloads: Bool

  package init(
    life: Duration? = nil, mostDownloads: Int? = nil, isShort: Bool = false, folder: String = "files",
    countsDownloads: Bool = false
  ) {
    self.folder = folder
    self.countsDownloads = countsDownloads
    self.life = life
    self.mostDownloads = mostDownloads
    self.isShort = isShort
  }
}
