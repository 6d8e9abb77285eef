/// What the links of a dialect's jobs may be used for, where it differs from the server's own rules.
package struct LinkRules: Sendable {
  /// How long a link works, if the file is there for so long.
  package let life: Duration?
  /// How often the file may be fetched with one link.
  package let mostDownloads: Int?
  /// True for "/dl/TOKEN", which says nothing of the file.
  package let isShort: Bool

  package init(life: Duration? = nil, mostDownloads: Int? = nil, isShort: Bool = false) {
    self.life = life
    self.mostDownloads = mostDownloads
    self.isShort = isShort
  }
}
